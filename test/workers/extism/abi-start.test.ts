// How an instance starts: which exports run once, in which order, and what `_start` leaves behind.

import { assert } from 'chai';
import { defineCapability, type Host, type Plugin } from '../../../src/index.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { closeHosts, closePlugins, makeHost } from '../../helpers/hosts.ts';
import { wat } from '../../helpers/wat.ts';
import { abiGuest, data, exported, imports, noted, noting, openAbi } from './abi-guest.ts';

const EXIT = imports('wasi_snapshot_preview1', 'proc_exit: i32');

/** Each start function adds its digit to `$order`; `run` notes it. */
const ORDER = `(global $order (mut i64) (i64.const 0))
  (func $did (param $digit i64)
    (global.set $order (i64.add (i64.mul (global.get $order) (i64.const 10)) (local.get $digit))))
  ${noting('run', '(call $note (global.get $order))')}`;
const STEPS = {
  start: '(func $begin (call $did (i64.const 1))) (start $begin)',
  _initialize: '(func (export "_initialize") (call $did (i64.const 2)))',
  __wasm_call_ctors: '(func (export "__wasm_call_ctors") (call $did (i64.const 3)))',
  hs_init: '(func (export "hs_init") (param i32 i32) (call $did (i64.const 4)))',
  _start: '(func (export "_start") (call $did (i64.const 5)))',
} as const;

describe('the start of an instance', () => {
  let host: Host;
  before(async () => {
    host = await makeHost();
  });
  afterEach(() => closePlugins(host));
  after(closeHosts);

  const TABLE: readonly [steps: readonly (keyof typeof STEPS)[], order: bigint][] = [
    [[], 0n],
    [['start'], 1n],
    [['start', '_initialize'], 12n],
    [['__wasm_call_ctors'], 3n],
    [['_initialize', '__wasm_call_ctors'], 3n],
    [['hs_init'], 4n],
    [['_initialize', 'hs_init'], 24n],
    [['_initialize', '__wasm_call_ctors', 'hs_init'], 24n],
    [['_start'], 0n],
    [['start', '_start', '_initialize'], 12n],
    [['start', '__wasm_call_ctors', '_start'], 13n],
  ];
  for (const [steps, order] of TABLE) {
    for (const wasi of [false, true]) {
      const id = steps.includes('_start') ? 'EX28: ' : steps.includes('__wasm_call_ctors') ? 'EX29: ' : '';
      it(`${id}runs ${order} for [${steps}]${wasi ? ', with WASI' : ''}, once`, async () => {
        const plugin = await openAbi(host, ORDER + steps.map((step) => STEPS[step]).join(''), {}, wasi ? EXIT : '');
        assert.deepEqual([await noted(plugin), await noted(plugin)], [[order], [order]]);
      });
    }
  }

  it('runs again for the fresh instance after a trap', async () => {
    const plugin = await openAbi(host, `${ORDER} ${STEPS._initialize} (func (export "trap") unreachable)`);
    await rejectsCode('TRAP', plugin.call('trap'));
    assert.deepEqual(await noted(plugin), [2n]);
  });

  it('rejects with START_FAILED when it traps', async () => {
    const bytes = await abiGuest('(func (export "_initialize") unreachable)');
    await rejectsCode('START_FAILED', host.open(bytes, { id: 'traps' }), /unreachable/i);
  });

  for (const start of ['_initialize', '__wasm_call_ctors', 'hs_init']) {
    it(`may call a host function in ${start}, also where it imports nothing of Extism`, async () => {
      const told: unknown[] = [];
      const app = defineCapability({
        name: 'app',
        functions: {
          bytes: { params: ['bytes'], call: ([value]) => void told.push(value.length) },
          count: { params: ['i32'], result: 'i32', call: ([n]) => n + 1 },
          tell: { params: ['i32'], call: ([n]) => void told.push(n) },
        },
      });
      const asking = await makeHost({ capabilities: [app], serviceWorker: '/cloche-sw.js' });
      const params = start === 'hs_init' ? '(param i32 i32)' : '';
      const wasm = await wat(`(module ${imports('extism:host/user', 'bytes: i64; count: i32 -> i32; tell: i32')}
        (func (export "${start}") ${params} (call $bytes (i64.const 0)) (call $tell (call $count (i32.const 41))))
        (func (export "run")))`);
      const plugin = await asking.open(wasm, { id: 'asks', grant: 'all' });
      await plugin.call('run');
      assert.deepEqual(told, [0, 42]);
    });
  }

  it('may log and read config', async () => {
    const plugin = await openAbi(
      host,
      `${data({ 0: 'greeting' })} (global $found (mut i64) (i64.const 0))
       (func (export "_initialize")
         (global.set $found (call $length (call $config_get (call $text (i32.const 0) (i32.const 8)))))
         (call $log_info (call $text (i32.const 0) (i32.const 8))))
       ${noting('run', '(call $note (global.get $found))')}`,
      { config: { greeting: 'hello' } },
    );
    assert.deepEqual(await noted(plugin), [5n]);
    assert.include(
      host.logs(plugin.id).map(({ text }) => text),
      'greeting',
    );
  });

  describe('as a command', () => {
    const COMMAND = `${data({ 0: 'an error', 16: 'n' })}
      (global $runs (mut i64) (i64.const 0))
      (func $count (global.set $runs (i64.add (global.get $runs) (i64.const 1))) (call $note (global.get $runs)) (call $notes))
      (func $var (result i64) (call $var_get (call $text (i32.const 16) (i32.const 1))))
      (func (export "_start")
        (call $count)
        (if (call $var) (then (call $error_set (call $text (i32.const 0) (i32.const 8)))))
        (call $var_set (call $text (i32.const 16) (i32.const 1)) (call $text (i32.const 16) (i32.const 1))))
      ${exported('count', '(call $count)')}
      ${exported('exit', '(call $count) (call $proc_exit (i32.wrap_i64 (call $input_load_u64 (i64.const 0))))')}
      ${exported('fail', '(call $count) (call $error_set (call $text (i32.const 0) (i32.const 8))) (call $proc_exit (i32.wrap_i64 (call $input_load_u64 (i64.const 0))))')}`;
    const code = (n: number) => new Uint8Array(new BigInt64Array([BigInt(n)]).buffer);
    const open = () =>
      openAbi(host, COMMAND.replace('(if (call $var)', '(if (i64.ne (call $var) (i64.const 0))'), {}, EXIT);
    const runs = async (plugin: Plugin, name: string, input?: Uint8Array) =>
      (await plugin.call(name, input)).bytes()[0];

    it('runs `_start` when it is called, each time in a fresh instance without vars', async () => {
      const plugin = await open();
      for (let i = 0; i < 3; i += 1) assert.equal(await runs(plugin, '_start'), 1);
      assert.equal(await runs(plugin, 'count'), 1);
      assert.equal(await runs(plugin, 'count'), 2);
    });

    it('tells what memory a command used, although it is gone', async () => {
      const plugin = await open();
      await plugin.call('_start');
      assert.equal(plugin.stats.use?.memoryBytes, 2 * 65_536);
      assert.isAbove(plugin.stats.use?.exchangeBytes ?? 0, 0);
    });

    it('ends as a success with proc_exit(0), and its output is kept', async () => {
      assert.equal(await runs(await open(), 'exit', code(0)), 1);
    });

    for (const exitCode of [1, 7, 125, 300]) {
      it(`ends as an error with proc_exit(${exitCode})`, async () => {
        const failure = await (await open()).call('exit', code(exitCode)).catch((thrown: unknown) => thrown);
        assert.deepInclude(failure, { code: 'PLUGIN_ERROR', exitCode, detail: undefined });
      });
    }

    for (const exitCode of [0, 3]) {
      it(`ends with the words of error_set, also with proc_exit(${exitCode})`, async () => {
        const failure = await (await open()).call('fail', code(exitCode)).catch((thrown: unknown) => thrown);
        assert.deepInclude(failure, { code: 'PLUGIN_ERROR', exitCode, detail: 'an error' });
      });
    }
  });

  it('forgets everything between calls where the manifest asks for an instance per call', async () => {
    const bytes = await abiGuest(`${data({ 0: 'n' })}
      (func $var (result i64) (call $var_get (call $text (i32.const 0) (i32.const 1))))
      (global $n (mut i64) (i64.const 0))
      ${noting(
        'run',
        `(global.set $n (i64.add (global.get $n) (i64.const 1))) (call $note (global.get $n)) (call $note (call $var))
         (call $var_set (call $text (i32.const 0) (i32.const 1)) (call $text (i32.const 0) (i32.const 1)))`,
      )}`);
    const manifest = { cloche: 1, id: 'per-call', name: 'Per call', version: '1.0.0', instance: 'per-call' };
    const plugin = await host.open({ wasm: bytes, manifest });
    for (let i = 0; i < 3; i += 1) assert.deepEqual(await noted(plugin), [1n, 0n]);
  });
});
