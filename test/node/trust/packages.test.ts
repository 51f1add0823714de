// Packages of every kind, signed and then changed in each of their parts.

import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { zipSync } from 'fflate';
import { DEFAULT_DIALECTS } from '../../../src/dialects/index.ts';
import { DEFAULT_LIMITS } from '../../../src/limits.ts';
import type { PluginSource } from '../../../src/package/package-source.ts';
import { type PluginPackage, readPackage } from '../../../src/package/read-package.ts';
import { splitSignature, withSignature } from '../../../src/trust/signed-module.ts';
import { newSigner, type Signer } from '../../helpers/signing.ts';
import { type EntryFields, makeZip } from '../../package/zip-maker.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const bytes = (text: string): Bytes => new TextEncoder().encode(text);
const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
/** A module that differs from others by a section that means nothing. */
const module = (name: string): Bytes => new Uint8Array([...HEADER, 0, 1 + name.length, name.length, ...bytes(name)]);
const SIGNATURE_FILE = 'cloche-signature.json';

const MANIFEST = { cloche: 1, id: 'demo', name: 'Demo', version: '1', wasm: [{ path: 'demo.wasm' }] };
const MANIFEST_ALONE = { cloche: 1, id: 'demo', name: 'Demo', version: '1' };
const FILES: Record<string, Bytes> = {
  'manifest.json': bytes(JSON.stringify(MANIFEST)),
  'demo.wasm': module('demo'),
  'assets/index.html': bytes('<h1>Demo</h1>'),
  'assets/a.js': bytes('a()'),
  'notes/unused.txt': bytes('nobody reads this'),
};

const read = (source: PluginSource, signature?: unknown): Promise<PluginPackage> =>
  readPackage(source, { dialects: DEFAULT_DIALECTS, limits: DEFAULT_LIMITS, signature });

let ada: Signer;
let eve: Signer;
before(async () => {
  [ada, eve] = await Promise.all([newSigner(), newSigner()]);
});

const entriesOf = (files: Record<string, Bytes>): EntryFields[] =>
  Object.entries(files).map(([name, data]) => ({ name, data }));
const packed = (files: Record<string, Bytes>): Bytes => makeZip(entriesOf(files));
const verified = async (source: PluginSource, signature?: unknown) => (await read(source, signature)).signature;

/** The files, and a signature of them. */
async function signedFiles(files = FILES, signer = ada): Promise<Record<string, Bytes>> {
  return { ...files, [SIGNATURE_FILE]: bytes(await signer.sign(packed(files))) };
}

describe('a zip', () => {
  it('is verified with its signature, whoever made the zip and how', async () => {
    const files = await signedFiles();
    const state = ada.key;
    const folder = Object.fromEntries(Object.entries(files).map(([path, data]) => [`demo-1.2/${path}`, data]));
    const leavings = { '__MACOSX/._x': bytes('x'), 'assets/.DS_Store': bytes('x') };
    const zips: Record<string, Bytes> = {
      deflated: packed(files),
      stored: makeZip(entriesOf(files).map((entry) => ({ ...entry, method: 0 }))),
      'in another order': makeZip(entriesOf(files).toReversed()),
      'with descriptors': makeZip(entriesOf(files).map((entry) => ({ ...entry, descriptor: 'signed' }))),
      'with a comment': makeZip(entriesOf(files), { comment: 'hello' }),
      'with other times': new Uint8Array(zipSync(files, { mtime: '2001-02-03', level: 9 })),
      'in one folder': packed(folder),
      'with what the Finder adds': packed({ ...files, ...leavings }),
    };
    for (const [what, zip] of Object.entries(zips)) assert.equal(await verified(zip), state, what);
  });

  it('has no signature among its files, and installs what it would without', async () => {
    const [signed, unsigned] = [await read(packed(await signedFiles())), await read(packed(FILES))];
    assert.deepEqual(signed.manifest, unsigned.manifest);
    assert.ok(signed.manifest.assets.length > 0 && !signed.manifest.assets.some(({ path }) => path === SIGNATURE_FILE));
    assert.deepEqual(signed.files, unsigned.files);
    assert.equal(unsigned.signature, undefined);
  });

  for (const path of Object.keys(FILES)) {
    it(`X10: is not what was signed with another byte in ${path}`, async () => {
      const files = await signedFiles();
      const data = (files[path] ?? assert.fail()).slice();
      // In the manifest: the version, so that it can still be read.
      const at = path === 'manifest.json' ? JSON.stringify(MANIFEST).indexOf('"1"') + 1 : data.length - 1;
      data[at] = (data[at] ?? 0) ^ 3;
      assert.equal(await verified(packed({ ...files, [path]: data })), 'broken');
    });
  }

  for (const path of ['assets/index.html', 'assets/a.js', 'notes/unused.txt']) {
    it(`X10: is not what was signed without ${path}, nor with it under another name`, async () => {
      const { [path]: data = assert.fail(), ...others } = await signedFiles();
      assert.equal(await verified(packed(others)), 'broken');
      assert.equal(await verified(packed({ ...others, [`${path}x`]: data })), 'broken');
    });
  }

  for (const path of ['assets/b.js', 'other.wasm', 'assets/cloche-signature.json', 'README', 'manifest.json.bak']) {
    it(`X10: is not what was signed with ${path} added`, async () => {
      assert.equal(await verified(packed({ ...(await signedFiles()), [path]: bytes('x') })), 'broken');
    });
  }

  it('X10: is not what was signed with two files exchanged', async () => {
    const { 'assets/a.js': a = assert.fail(), 'assets/index.html': b = assert.fail(), ...others } = await signedFiles();
    assert.equal(await verified(packed({ ...others, 'assets/a.js': b, 'assets/index.html': a })), 'broken');
  });

  it('X10: is unsigned where the signature lies deeper than the one folder that is taken off', async () => {
    const files = await signedFiles();
    const inner = Object.fromEntries(Object.entries(files).map(([path, data]) => [`a/b/${path}`, data]));
    assert.equal(await verified(packed(inner)), undefined);
  });

  it('X10: with a second entry of a name is refused, whichever of them was signed', async () => {
    const files = entriesOf(await signedFiles());
    for (const name of ['demo.wasm', 'DEMO.wasm', 'manifest.json', SIGNATURE_FILE, SIGNATURE_FILE.toUpperCase()]) {
      for (const entries of [
        [...files, { name, data: bytes('x') }],
        [{ name, data: bytes('x') }, ...files],
      ]) {
        await assert.rejects(verified(makeZip(entries)), { code: 'PACKAGE_REJECTED' }, name);
      }
    }
  });

  it('X10: is not what was signed with any other byte in its signature', async () => {
    const files = await signedFiles();
    const signature = files[SIGNATURE_FILE] ?? assert.fail();
    for (let at = 0; at < signature.length; at++) {
      const changed = signature.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      const outcome = await verified(packed({ ...files, [SIGNATURE_FILE]: changed })).catch((thrown) => thrown.code);
      // A space that is a "!" is no JSON; a "0" or "3" as the version is none, or a later one.
      assert.ok(outcome === 'SIGNATURE_UNREADABLE' || outcome === 'broken', `${at}: ${JSON.stringify(outcome)}`);
    }
  });

  it('X10: is of whoever has signed it anew, and not of who is named elsewhere', async () => {
    const own = await signedFiles(FILES, eve);
    assert.equal(await verified(packed(own)), eve.key);
    const claimed = new TextDecoder().decode(own[SIGNATURE_FILE]).replace(eve.key, ada.key);
    assert.equal(await verified(packed({ ...own, [SIGNATURE_FILE]: bytes(claimed) })), 'broken');
  });

  it('X10: is not signed by a signature that is huge, or no file of text', async () => {
    for (const data of [bytes('x'.repeat(1 << 20)), new Uint8Array(100), bytes('')]) {
      assert.equal(await verified(packed({ ...FILES, [SIGNATURE_FILE]: data })), 'broken');
    }
  });

  it('X10: is unsigned with a signed module in it, and no signature of its own', async () => {
    const signed = withSignature(module('demo'), bytes(await ada.sign(module('demo'))));
    assert.equal(await verified(signed), ada.key);
    assert.equal(await verified(packed({ ...FILES, 'demo.wasm': signed })), undefined);
    assert.equal(await verified(packed({ 'demo.wasm': signed })), undefined);
  });
});

describe('a single module', () => {
  const signed = async (signer = ada) => withSignature(module('demo'), bytes(await signer.sign(module('demo'))));

  it('is verified with its signature, and installs what it would without', async () => {
    const [one, other] = [await read(await signed()), await read(module('demo'))];
    assert.equal(one.signature, ada.key);
    assert.deepEqual([one.manifest, one.files], [other.manifest, other.files]);
  });

  it('X10: is not what was signed with any other byte before the signature', async () => {
    const given = await signed();
    for (let at = 8; at < module('demo').length; at++) {
      const changed = given.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      const signature = await verified(changed);
      // A size that leads elsewhere hides the section: then there is no signature.
      assert.ok(signature === undefined || signature === 'broken', `${at}`);
    }
  });

  it('X10: is not what was signed with a section added, before the signature or after it', async () => {
    const { signature = assert.fail() } = splitSignature(await signed());
    const more = module('more').slice(8);
    const longer = new Uint8Array([...module('demo'), ...more]);
    assert.equal(await verified(withSignature(longer, signature)), 'broken');
    assert.equal(await verified(new Uint8Array([...(await signed()), ...more])), 'broken');
  });

  it('X10: has one signature at most', async () => {
    const { signature = assert.fail() } = splitSignature(await signed(eve));
    assert.equal(await verified(withSignature(await signed(), signature)), 'broken');
  });
});

describe('a signature beside a package', () => {
  const TEXT = '{ "wasm": [{ "name": "lib", "data": "AGFzbQEAAAA=" }, { "name": "main", "data": "AGFzbQEAAAA=" }] }';
  const sources: Record<string, [source: PluginSource, changed: PluginSource]> = {
    'a zip': [packed(FILES), packed({ ...FILES, 'assets/a.js': bytes('b()') })],
    'a module': [module('demo'), module('demi')],
    'a module and a manifest': [
      { wasm: module('demo'), manifest: MANIFEST_ALONE },
      { wasm: module('demo'), manifest: { ...MANIFEST_ALONE, version: '2' } },
    ],
    'another module and a manifest': [
      { wasm: module('demo'), manifest: MANIFEST_ALONE },
      { wasm: module('demi'), manifest: MANIFEST_ALONE },
    ],
    'a module and the text of a manifest': [
      { wasm: module('demo'), manifest: JSON.stringify(MANIFEST_ALONE) },
      { wasm: module('demo'), manifest: ` ${JSON.stringify(MANIFEST_ALONE)}` },
    ],
    'a manifest with several modules': [TEXT, TEXT.replace('AGFzbQEAAAA="', 'AGFzbQEAAAAAAQA="')],
    'a manifest': [TEXT, TEXT.replace('lib', 'lab')],
    'the file of a manifest': [bytes(TEXT), bytes(`${TEXT} `)],
  };

  for (const [what, [source, changed]] of Object.entries(sources)) {
    it(`holds for ${what}, and X10: not for what differs from it`, async () => {
      const signature = await ada.sign(source);
      for (const given of [signature, bytes(signature), new Blob([signature])]) {
        assert.equal(await verified(source, given), ada.key);
      }
      assert.equal(await verified(changed, signature), 'broken');
      assert.equal(await verified(source), undefined);
    });
  }

  it('holds whatever the order of the keys in a manifest that is an object', async () => {
    const signature = await ada.sign({ wasm: module('demo'), manifest: MANIFEST_ALONE });
    const manifest = Object.fromEntries(Object.entries(MANIFEST_ALONE).reverse());
    assert.equal(await verified({ wasm: module('demo'), manifest }, signature), ada.key);
  });

  it('counts in place of the one in the package', async () => {
    const zip = packed(await signedFiles());
    assert.equal(await verified(zip, await eve.sign(zip)), eve.key);
    assert.equal(await verified(zip, '{}'), 'broken');
  });

  it('X10: of a module is none of the module with a manifest beside it', async () => {
    const signed = withSignature(module('demo'), bytes(await ada.sign(module('demo'))));
    assert.equal(await verified({ wasm: signed, manifest: MANIFEST_ALONE }), undefined);
    const signature = await ada.sign(module('demo'));
    assert.equal(await verified({ wasm: module('demo'), manifest: MANIFEST_ALONE }, signature), 'broken');
  });

  it('P11: is refused where it is nothing that holds bytes, and X10: where it is too long', async () => {
    for (const given of [{}, 7, null, true])
      await assert.rejects(verified(module('demo'), given), { code: 'OPTION_INVALID' });
    await assert.rejects(verified(module('demo'), new Uint8Array(5_000)), { code: 'PACKAGE_REJECTED' });
    assert.equal(await verified(module('demo'), `{${' '.repeat(5_000)}}`), 'broken');
  });
});
