// Extism memory as guests see it: blocks, loads and stores, input. W, L and C are defects of the JS SDK.

import { assert } from 'chai';
import type { Host } from '../../../src/index.ts';
import { closeHosts, closePlugins, makeHost } from '../../helpers/hosts.ts';
import { exported, noted, noting, openAbi } from './abi-guest.ts';

describe('extism:host/env, memory', () => {
  let host: Host;
  before(async () => {
    host = await makeHost();
  });
  afterEach(() => closePlugins(host));
  after(closeHosts);

  const notes = async (code: string, input: unknown = '') =>
    noted(await openAbi(host, noting('run', code)), 'run', input);

  it('EX11: gives no block for 0 bytes, and none for offset 0', async () => {
    assert.deepEqual(
      await notes('(call $note (call $alloc (i64.const 0))) (call $note (call $length (i64.const 0)))'),
      [0n, 0n],
    );
  });

  it('EX11: knows the length of a block by its start only', async () => {
    const values = await notes(`
      (local.set $p (call $alloc (i64.const 20)))
      (call $note (call $length (local.get $p)))
      (call $note (call $length_unsafe (local.get $p)))
      (call $note (call $length (i64.add (local.get $p) (i64.const 1))))`);
    assert.deepEqual(values, [20n, 20n, 0n]);
  });

  it('EX11: takes free(0), free twice and free inside a block without harm', async () => {
    const values = await notes(`
      (local.set $p (call $alloc (i64.const 8)))
      (call $store_u64 (local.get $p) (i64.const 7))
      (call $free (i64.const 0))
      (call $free (i64.add (local.get $p) (i64.const 3)))
      (call $note (call $length (local.get $p)))
      (call $note (call $load_u64 (local.get $p)))
      (call $free (local.get $p))
      (call $free (local.get $p))
      (call $note (call $length (local.get $p)))
      (call $note (i64.extend_i32_u (i64.ne (call $alloc (i64.const 8)) (i64.const 0))))`);
    assert.deepEqual(values, [8n, 7n, 0n, 1n]);
  });

  it('EX12: reads 0 outside memory and ignores writes there', async () => {
    const outside = ['(i64.const -1)', '(i64.const -8)', '(i64.const 0x100000000)', '(i64.const 0x7fffffffffffffff)'];
    const values = await notes(
      outside
        .map(
          (p) => `
      (call $store_u8 ${p} (i32.const 1))
      (call $store_u64 ${p} (i64.const 1))
      (call $note (i64.extend_i32_u (call $load_u8 ${p})))
      (call $note (call $load_u64 ${p}))
      (call $free ${p})
      (call $note (call $length ${p}))`,
        )
        .join(''),
    );
    assert.deepEqual(values, Array(12).fill(0n));
  });

  it('EX13: has offsets that fit in 32 bits after 40,000 blocks in one call', async () => {
    const plugin = await openAbi(
      host,
      `(func (export "run") (result i32) (local $n i32) (local $p i64) (local $last i64)
        (loop $next
          (local.set $p (call $alloc (i64.const 9)))
          (call $store_u8 (local.get $p) (local.get $n))
          (local.set $last (select (local.get $p) (local.get $last) (i64.gt_u (local.get $p) (local.get $last))))
          (local.set $n (i32.add (local.get $n) (i32.const 1)))
          (br_if $next (i32.lt_u (local.get $n) (i32.const 40000))))
        (call $note (local.get $last))
        (call $note (i64.extend_i32_u (call $load_u8 (local.get $p))))
        (call $notes) (i32.const 0))`,
    );
    const [last, byte] = await noted(plugin);
    assert.isAbove(Number(last), 40_000 * 9);
    assert.isBelow(Number(last), 2 ** 31);
    assert.equal(byte, BigInt(39_999 & 255));
  });

  it('reads the input by byte and by word, and 0 past its end', async () => {
    const values = await notes(
      `
      (call $note (call $input_length))
      (call $note (call $length (call $input_offset)))
      (call $note (i64.extend_i32_u (call $input_load_u8 (i64.const 9))))
      (call $note (i64.extend_i32_u (call $input_load_u8 (i64.const 10))))
      (call $note (call $input_load_u64 (i64.const 2)))
      (call $note (call $input_load_u64 (i64.const 3)))
      (call $note (call $input_load_u64 (i64.const -1)))`,
      '0123456789',
    );
    assert.deepEqual(values, [10n, 10n, 57n, 0n, 0x3938373635343332n, 0n, 0n]);
  });

  it('gives no block for an empty input', async () => {
    assert.deepEqual(await notes('(call $note (call $input_offset)) (call $note (call $input_length))'), [0n, 0n]);
  });

  it('has no input any more once its block is freed', async () => {
    const values = await notes(
      '(call $free (call $input_offset)) (call $note (call $input_length)) (call $note32 (call $input_load_u8 (i64.const 0)))',
      'abc',
    );
    assert.deepEqual(values, [0n, 0n]);
  });

  it('EX14: lets a guest set its input, and ask for its output', async () => {
    const values = await notes(
      `
      (call $input_set (i64.add (call $input_offset) (i64.const 1)) (i64.const 2))
      (call $note (call $input_length))
      (call $note32 (call $input_load_u8 (i64.const 0)))
      (call $note (call $output_offset))
      (call $output_set (call $input_offset) (i64.const 2))
      (call $note (i64.sub (call $output_offset) (call $input_offset)))
      (call $note (call $output_length))`,
      'abc',
    );
    assert.deepEqual(values, [2n, 98n, 0n, 0n, 2n]);
  });

  it('EX14: frees and clears everything at `reset`', async () => {
    const values = await notes(
      `
      (local.set $p (call $alloc (i64.const 8)))
      (call $store_u64 (local.get $p) (i64.const -1))
      (call $output_set (local.get $p) (i64.const 8))
      (call $error_set (local.get $p))
      (call $reset)
      (call $note (call $input_length))
      (call $note (call $output_length))
      (call $note (call $error_get))
      (call $note (call $length (local.get $p)))
      (call $note (call $load_u64 (local.get $p)))
      (call $note (i64.extend_i32_u (i64.ge_u (call $memory_bytes) (i64.const 65536))))`,
      'abc',
    );
    assert.deepEqual(values, [0n, 0n, 0n, 0n, 0n, 1n]);
  });

  it('EX15: refuses a block over the limit without keeping it', async () => {
    const plugin = await openAbi(
      host,
      noting(
        'run',
        `(call $note (call $alloc (i64.const 0x30000000)))
         (call $note (call $alloc (i64.const -1)))
         (call $note (i64.extend_i32_u (i64.ne (call $alloc (i64.const 1000)) (i64.const 0))))`,
      ),
      { limits: { exchangeBytes: 1 << 20 } },
    );
    assert.deepEqual(await noted(plugin), [0n, 0n, 1n]);
    assert.isBelow(plugin.stats.use?.exchangeBytes ?? Number.NaN, 1 << 16);
  });

  it('shows no byte of one call to the next', async () => {
    const plugin = await openAbi(
      host,
      `${noting('write', '(drop (call $alloc (i64.const 100))) (local.set $p (call $alloc (i64.const 8))) (call $store_u64 (local.get $p) (i64.const -1)) (call $note (local.get $p))')}
       ${noting('read', '(call $note (call $load_u64 (call $input_load_u64 (i64.const 0))))')}`,
    );
    const block = (await plugin.call('write')).bytes();
    assert.deepEqual(await noted(plugin, 'read', block.slice()), [0n]);
  });

  it('EX16: uses no more memory after 100 calls of 256 KiB than after one', async () => {
    const plugin = await openAbi(
      host,
      exported('echo', '(call $output_set (call $input_offset) (call $input_length))'),
    );
    const input = new Uint8Array(256 << 10).fill(1);
    await plugin.call('echo', input);
    const first = plugin.stats.use;
    for (let i = 0; i < 100; i += 1) await plugin.call('echo', input);
    assert.deepEqual(plugin.stats.use, first);
  });

  it('carries 8 MiB in and out unchanged', async () => {
    const plugin = await openAbi(
      host,
      exported('echo', '(call $output_set (call $input_offset) (call $input_length))'),
    );
    const input = new Uint8Array(8 << 20);
    for (let at = 0; at < input.length; at += 4_096) input[at] = at >> 12;
    assert.deepEqual((await plugin.call('echo', input)).bytes(), input);
  });
});
