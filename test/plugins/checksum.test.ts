// plugins/checksum from its built component: its hook, its route, and an export whose values have types.

import { assert } from 'chai';
import type { Host, Plugin } from '../../src/index.ts';
import { closeHosts, makeHost } from '../helpers/hosts.ts';

const COMPONENT = new URL('/plugins/checksum/dist/plugin.wasm', location.href);
/** What those who specify a checksum give as its test. */
const NINE_DIGITS = new TextEncoder().encode('123456789');

interface Sum {
  readonly value: number;
  readonly hex: string;
  /** Of 64 bits. */
  readonly bytes: string;
}

describe('checksum', () => {
  let host: Host;
  let plugin: Plugin;
  before(async function () {
    // What transpiles is built when it is first asked for.
    this.timeout(120_000);
    host = await makeHost();
    plugin = await host.install(COMPONENT);
  });
  after(closeHosts);

  it('says what it is called, and which hook and route it has', () => {
    const { id, manifest } = plugin;
    assert.deepInclude(manifest, { dialect: 'windmill', name: 'checksum' });
    assert.equal(id, 'checksum');
    assert.deepEqual(manifest.handlers, [
      { use: 'hook', handler: 'document-saved', path: undefined },
      { use: 'endpoint', handler: 'document-saved', path: '/of' },
    ]);
  });

  it('answers its hook, also with the error of its result', async () => {
    const value = async (text: string): Promise<unknown> => (await host.hook('document-saved', text))[0]?.value;
    assert.deepEqual(await value('123456789'), { tag: 'ok', val: '{"crc32":"cbf43926","bytes":9}' });
    assert.deepEqual(await value('é'.repeat(50_000)), { tag: 'ok', val: '{"crc32":"3b92fe9e","bytes":100000}' });
    assert.deepEqual(await value(''), { tag: 'err', val: 'Expected a text that is not empty' });
  });

  it('answers its route at the door and below its name', async () => {
    const door = { method: 'POST', body: JSON.stringify({ path: '/checksum/of', data: { a: 1 } }) };
    assert.deepEqual(await (await host.fetch('/plugin', door)).json(), { data: { crc32: '561bacaf', bytes: 7 } });
    const plain = await host.fetch('/plugin/checksum/of', { method: 'POST', body: '{"a":1}' });
    assert.deepEqual(await plain.json(), { data: { crc32: '561bacaf', bytes: 7 } });
  });

  it('sums up bytes by either algorithm, and goes on where a part before has ended', async () => {
    const sum = async (bytes: Uint8Array, ...rest: unknown[]): Promise<Sum> =>
      (await plugin.call('sum', [[...bytes], ...rest])).json() as Sum;
    assert.deepEqual(await sum(NINE_DIGITS, 'crc32', null), { value: 0xcbf43926, hex: 'cbf43926', bytes: '9' });
    assert.propertyVal(await sum(NINE_DIGITS, 'adler32', null), 'hex', '091e01de');
    for (const algorithm of ['crc32', 'adler32']) {
      const { value } = await sum(NINE_DIGITS.subarray(0, 4), algorithm, null);
      const whole = await sum(NINE_DIGITS, algorithm, null);
      assert.deepEqual({ ...(await sum(NINE_DIGITS.subarray(4), algorithm, value)), bytes: '9' }, { ...whole });
    }
  });
});
