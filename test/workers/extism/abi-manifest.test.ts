// What an Extism manifest says reaches the running plugin, in either casing, as text and as an object.
// M and L are defects of the JS SDK: it drops most of it.

import { assert } from 'chai';
import type { Host, Plugin } from '../../../src/index.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { SPIN, SPIN_IMPORT } from '../../helpers/guests.ts';
import { closeHosts, closePlugins, makeHost } from '../../helpers/hosts.ts';
import { abiGuest, data, exported, noted, noting } from './abi-guest.ts';

const GUEST = `${data({ 0: 'greeting' })}
  ${exported('greet', '(call $out (call $config_get (call $text (i32.const 0) (i32.const 8))))')}
  ${exported('keep', '(call $var_set (call $text (i32.const 0) (i32.const 8)) (call $input_offset))')}
  ${noting('grow', '(call $note32 (memory.grow (i32.wrap_i64 (call $input_load_u64 (i64.const 0)))))')}
  (func (export "spin") ${SPIN})`;

const SNAKE = { timeout_ms: 700, memory: { max_pages: 3, max_var_bytes: 100 }, config: { greeting: 'hello' } };
const CAMEL = { timeoutMs: 700, memory: { maxPages: 3, maxVarBytes: 100 }, config: { greeting: 'hello' } };

describe('an Extism manifest', () => {
  let host: Host;
  let bytes: Uint8Array<ArrayBuffer>;
  before(async () => {
    bytes = await abiGuest(GUEST, SPIN_IMPORT);
  });
  before(async () => {
    host = await makeHost();
  });
  afterEach(() => closePlugins(host));
  after(closeHosts);

  const base64 = () => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  const grow = async (plugin: Plugin, pages: number) =>
    (await noted(plugin, 'grow', new BigInt64Array([BigInt(pages)])))[0];

  const FORMS: readonly [name: string, source: () => object][] = [
    ['in snake_case', () => ({ wasm: [{ data: bytes }], ...SNAKE })],
    ['in camelCase', () => ({ wasm: [{ data: bytes }], ...CAMEL })],
    ['with its module in base64 (EX4)', () => ({ wasm: [{ data: base64() }], ...SNAKE })],
    [
      'as a JSON file (EX1, EX2)',
      () =>
        new File([JSON.stringify({ wasm: [{ data: base64() }], ...SNAKE })], 'plugin.json', {
          type: 'application/json',
        }),
    ],
  ];
  for (const [name, source] of FORMS) {
    describe(name, () => {
      const open = () => host.open(source() as Parameters<Host['open']>[0], { id: 'manifest' });

      it('EX1, EX3: limits memory, and vars', async () => {
        const plugin = await open();
        assert.equal(await grow(plugin, 1_000), -1n);
        assert.notEqual(await grow(plugin, 1), -1n);
        await plugin.call('keep', 'short');
        await rejectsCode('QUOTA_EXCEEDED', plugin.call('keep', 'x'.repeat(100)));
      });

      it('EX2: ends a call that is late', async () => {
        const plugin = await open();
        await rejectsCode('TIMEOUT', plugin.call('spin'), /700 ms/);
      });

      it('gives config', async () => {
        assert.equal((await (await open()).call('greet')).text(), 'hello');
      });
    });
  }

  it('EX36: takes a limit of 0 for nothing at all', async () => {
    const plugin = await host.open(
      { wasm: [{ data: bytes }], memory: { max_pages: 0, max_var_bytes: 0 } },
      { id: 'zero' },
    );
    assert.equal(await grow(plugin, 1), -1n);
    await rejectsCode('QUOTA_EXCEEDED', plugin.call('keep', ''), /Vars are disabled/);
  });

  it('EX7: with an unknown key is refused, at every level', async () => {
    const wasm = [{ data: bytes }];
    for (const manifest of [
      { wasm, memroy: {} },
      { wasm, memory: { maxpages: 1 } },
      { wasm: [{ data: bytes, hsah: '' }] },
    ]) {
      await rejectsCode('MANIFEST_INVALID', host.open(manifest, { id: 'unknown' }));
    }
  });

  it('EX6: has the hash of a view, not of its buffer', async () => {
    const buffer = new Uint8Array(bytes.length + 20).fill(7);
    buffer.set(bytes, 10);
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    const hash = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
    for (const written of [hash, hash.toUpperCase()]) {
      const wasm = [{ data: buffer.subarray(10, 10 + bytes.length), hash: written }];
      const plugin = await host.open({ wasm, config: { greeting: 'viewed' } }, { id: 'viewed', replace: true });
      assert.equal((await plugin.call('greet')).text(), 'viewed');
    }
    await rejectsCode(
      'HASH_MISMATCH',
      host.open({ wasm: [{ data: bytes, hash: hash.replace(/^./, (c) => (c === '0' ? '1' : '0')) }] }, { id: 'wrong' }),
    );
  });
});
