import { assert } from 'chai';
import { crc32 } from '../../../src/package/zip.ts';
import { guest } from '../../helpers/guests.ts';
import { closeHosts, makeHost } from '../../helpers/hosts.ts';
import { makeZip } from '../../package/zip-maker.ts';

const MANIFESTS: Record<string, object> = {
  Cloche: { cloche: 1, id: 'counted', wasm: 'main.wasm' },
  Windshift: { name: 'counted', entryPoint: 'main.wasm', routes: [{ path: '/' }] },
};

/** What is handed to a method while `work` runs, each as its bytes in Latin-1. */
async function given<K extends string>(
  owner: { [name in K]: (...given: never[]) => unknown },
  method: K,
  work: () => Promise<unknown>,
): Promise<string[]> {
  const original = owner[method];
  const seen: string[] = [];
  const spy = function (this: unknown, ...args: never[]): unknown {
    for (const arg of args as unknown[]) if (arg instanceof Uint8Array) seen.push(String.fromCharCode(...arg));
    return original.apply(this, args);
  };
  owner[method] = spy as typeof original;
  try {
    await work();
  } finally {
    owner[method] = original;
  }
  return seen;
}

for (const [dialect, manifest] of Object.entries(MANIFESTS)) {
  describe(`installing a zip of ${dialect}`, () => {
    const text = JSON.stringify(manifest);
    let install: () => Promise<unknown>;
    let wasm: Uint8Array<ArrayBuffer>;

    beforeEach(async () => {
      const encoder = new TextEncoder();
      wasm = new Uint8Array(await guest());
      const files = { 'manifest.json': encoder.encode(text), 'main.wasm': wasm, 'assets/a.js': encoder.encode('a()') };
      const zip = makeZip(
        Object.entries(files).map(([name, data]) => ({ name, data, crc: crc32(data), size: data.length })),
      );
      const host = await makeHost();
      install = () => host.install(zip);
    });
    afterEach(closeHosts);

    it('reads its manifest once', async () => {
      const read = await given(TextDecoder.prototype, 'decode', install);
      assert.deepEqual(
        read.filter((one) => one === text),
        [text],
      );
    });

    it('hashes each file once, and then what the package is known by', async () => {
      const hashed = await given(SubtleCrypto.prototype, 'digest', install);
      const files = [text, String.fromCharCode(...wasm), 'a()'];
      assert.sameMembers(hashed.slice(0, -1), files);
      assert.include(hashed.at(-1), 'assets/a.js');
    });
  });
}
