// Groups M, H and P of the attack cases: what of a plugin's limits, its queue and its callers is decided by the host alone.

import { assert } from 'chai';
import {
  ClocheError,
  defineCapability,
  type ErrorCode,
  type Host,
  type Limits,
  type Plugin,
} from '../../../src/index.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { guest, packed } from '../../helpers/guests.ts';
import { closePlugins, eventually, makeHost, pause } from '../../helpers/hosts.ts';
import { endSpinners } from '../../helpers/killed.ts';
import { linkedMemories } from '../linked-memories.ts';

let host: Host;
before(async () => {
  host = await makeHost();
});
afterEach(() => closePlugins(host));

async function open(body = '', limits: Partial<Limits> = {}, imports = ''): Promise<Plugin> {
  return host.open(await guest(body, imports), { id: 'greedy', limits });
}

async function outcome(call: Promise<unknown>): Promise<ErrorCode | 'ok'> {
  try {
    await call;
    return 'ok';
  } catch (thrown) {
    if (thrown instanceof ClocheError) return thrown.code;
    throw thrown;
  }
}

async function failure(call: Promise<unknown>): Promise<ClocheError> {
  try {
    await call;
  } catch (thrown) {
    if (thrown instanceof ClocheError) return thrown;
    throw thrown;
  }
  return assert.fail('expected a failure');
}

describe('H11: names of a module', () => {
  const exported = (count: number, length: number): string =>
    Array.from({ length: count }, (_, i) => `(func (export "${'x'.repeat(length)}${i}"))`).join('');

  it('are refused when they are long together', async () => {
    await rejectsCode('MODULE_REJECTED', open(exported(250, 9_000)), /2097152/);
  });

  it('are told in short when an export is missing', async () => {
    const plugin = await open(exported(30, 9_000));
    const { code, message } = await plugin.call('none').then(
      () => assert.fail('it was called'),
      (error: ClocheError) => error,
    );
    assert.equal(code, 'EXPORT_MISSING');
    assert.match(message, /and \d+ others/);
    assert.isBelow(message.length, 2_000);
  });
});

describe('M15: memories', () => {
  it('are eight at most in all modules of a plugin, however small', async () => {
    await rejectsCode('MODULE_REJECTED', host.open(await linkedMemories(9), { id: 'greedy' }), /9 memories; at most 8/);
    assert.lengthOf((await (await host.open(await linkedMemories(8), { id: 'modest' })).call('run')).bytes(), 0);
  });
});

describe('traps', () => {
  it('starts each call after a trap with a fresh instance', async () => {
    const plugin = await open(`
      (global $count (mut i64) (i64.const 0))
      (func (export "count") (result i32)
        (global.set $count (i64.add (global.get $count) (i64.const 1))) (call $put_u64 (global.get $count)) (i32.const 0))`);
    const count = async () => (await plugin.call('count')).bytes()[0];
    assert.deepEqual([await count(), await count()], [1, 2]);
    await rejectsCode('TRAP', plugin.call('trap'), /Export `trap` of plugin "greedy" failed/);
    assert.equal(await count(), 1);
  });
});

describe('memory and size', () => {
  it('M1: rejects with MODULE_REJECTED a module that starts above the cap', async () => {
    const wasm = await guest('(memory 17)');
    await rejectsCode('MODULE_REJECTED', host.open(wasm, { id: 'big', limits: { memoryBytes: 1 << 20 } }), /"big"/);
    await host.open(wasm, { id: 'big', limits: { memoryBytes: 17 << 16 } });
  });

  it('M3, M4: `alloc` answers 0 over `exchangeBytes`, for 2^40 and for negative sizes, and holds nothing', async () => {
    const plugin = await open(
      `(func (export "alloc") (result i32)
         (call $put_u64 (call $alloc (call $input_u64 (i64.const 0)))) (i32.const 0))
       (func (export "hoard") (result i32) (local $blocks i64)
         (block $full (loop $more
           (br_if $full (i64.eqz (call $alloc (i64.const 65536))))
           (local.set $blocks (i64.add (local.get $blocks) (i64.const 1)))
           (br $more)))
         (i32.wrap_i64 (local.get $blocks)))`,
      { exchangeBytes: 1 << 20 },
    );
    for (const size of [2n << 20n, 2n ** 40n, -1n, -(2n ** 63n)]) {
      assert.deepEqual([...(await plugin.call('alloc', packed(size))).bytes()], new Array(8).fill(0), `${size}`);
    }
    const { exitCode } = await failure(plugin.call('hoard'));
    assert.isAtMost(exitCode ?? 99, 16, 'at most 1 MiB in blocks of 64 KiB');
    assert.isAbove(exitCode ?? 0, 12);
    assert.equal((await plugin.call('echo', 'x')).text(), 'x');
    assert.isAtMost(plugin.stats.use?.exchangeBytes ?? Infinity, (1 << 20) + 65_536);
  });

  it('M6: an error text and a log line are cut, and an output beyond the guest’s memory is none', async () => {
    const plugin = await open(
      `(func (export "shout") (result i32) (call $error_set (call $input_offset)) (i32.const 1))
       (func (export "log") (result i32) (call $log_info (call $input_offset)) (i32.const 0))
       (func (export "claim") (result i32) (call $output_set (call $input_offset) (i64.const 0x7fffffff)) (i32.const 0))`,
      { exchangeBytes: 4 << 20 },
    );
    const long = 'x'.repeat(3 << 20);
    const error = await failure(plugin.call('shout', long));
    assert.equal(error.code, 'PLUGIN_ERROR');
    assert.isAtMost(error.detail?.length ?? Infinity, 65_537);
    assert.isAtMost(error.message.length, 66_000);
    await plugin.call('log', long);
    await eventually(() => host.logs('greedy').some(({ source }) => source === 'plugin'), 'the line');
    assert.isAtMost(host.logs('greedy').find(({ source }) => source === 'plugin')?.text.length ?? Infinity, 8_192);
    // As natively, a range that is not the guest's sets no output.
    assert.lengthOf((await plugin.call('claim', 'x')).bytes(), 0);
    assert.equal((await plugin.call('echo', 'x')).text(), 'x');
  });

  it('rejects with INPUT_TOO_LARGE before anything is sent', async () => {
    const plugin = await open('', { exchangeBytes: 65_536 });
    await rejectsCode(
      'INPUT_TOO_LARGE',
      plugin.call('echo', new Uint8Array(65_537)),
      /65537 bytes.*"greedy" allows 65536/,
    );
    assert.equal(plugin.stats.calls, 0);
    assert.lengthOf((await plugin.call('echo', new Uint8Array(60_000))).bytes(), 60_000);
  });
});

describe('order', () => {
  it('H6: answers calls first in, first out, each with its own output', async () => {
    const plugin = await open();
    const order: number[] = [];
    const inputs = Array.from({ length: 40 }, (_, i) => i);
    const outputs = await Promise.all(
      inputs.map(async (i) => {
        const output = await plugin.call('echo', `${i}`);
        order.push(i);
        return output.text();
      }),
    );
    assert.deepEqual(outputs, inputs.map(String));
    assert.deepEqual(order, inputs);
  });

  it('H6: rejects with BUSY beyond `queuedCalls`', async () => {
    const plugin = await open('', { queuedCalls: 2 });
    const codes = await Promise.all(['a', 'b', 'c', 'd'].map((input) => outcome(plugin.call('echo', input))));
    assert.deepEqual(codes, ['ok', 'ok', 'ok', 'BUSY']);
    assert.equal(await outcome(plugin.call('echo')), 'ok');
    const error = await failure(Promise.all(['a', 'b', 'c', 'd'].map((input) => plugin.call('echo', input))));
    assert.equal(error.plugin, 'greedy');
  });

  it('H6: an aborted call rejects at once, gives its place in the queue back, and the running one goes on', async () => {
    const plugin = await open('', { queuedCalls: 1, timeoutMs: 200 });
    const controller = new AbortController();
    const order: string[] = [];
    const running = outcome(plugin.call('spin')).finally(() => order.push('running'));
    const waiting = outcome(plugin.call('echo', 'x', { signal: controller.signal })).finally(() =>
      order.push('waiting'),
    );
    await pause(50);
    controller.abort();
    assert.equal(await waiting, 'ABORTED');
    assert.equal(await outcome(plugin.call('echo', 'y')), 'ok');
    assert.equal(await running, 'TIMEOUT');
    assert.deepEqual(order, ['waiting', 'running']);
    endSpinners();
  });

  describe('H5', () => {
    const plugins = new Map<string, Plugin>();
    let a: Plugin;
    let b: Plugin;

    before(async () => {
      const relay = defineCapability({
        name: 'relay',
        functions: {
          to: {
            params: ['text'],
            result: 'bytes',
            call: async ([path]) => {
              const [id = '', ...rest] = path.split('>');
              const output = await plugins.get(id)?.call('relay', rest.join('>'));
              return output?.bytes() ?? null;
            },
          },
        },
      });
      const relaying = await makeHost({ capabilities: [relay], serviceWorker: '/cloche-sw.js' });
      // With an empty path it echoes, else it asks the next plugin on the path.
      const text = await guest(
        `(func (export "relay") (result i32)
           (if (i64.eqz (call $input_length)) (then (return (i32.const 0))))
           (call $put (call $to (call $input_offset))) (i32.const 0))`,
        '(import "extism:host/user" "to" (func $to (param i64) (result i64)))',
      );
      a = await relaying.open(text, { id: 'a' });
      b = await relaying.open(text, { id: 'b' });
      plugins.set('a', a).set('b', b);
    });

    it('H5: rejects with REENTRANT when a host function calls its own plugin', async () => {
      await rejectsCode('REENTRANT', a.call('relay', 'a'), /"a" is waiting for/);
      assert.equal((await a.call('echo', 'x')).text(), 'x');
    });

    it('H5: rejects with REENTRANT when A calls B calls A', async () => {
      await rejectsCode('REENTRANT', a.call('relay', 'b>a'));
      assert.equal((await a.call('echo', 'x')).text(), 'x');
      assert.equal((await b.call('echo', 'x')).text(), 'x');
    });

    it('lets A call B', async () => {
      assert.equal((await a.call('relay', 'b')).text(), '');
    });
  });
});

describe('AbortSignal', () => {
  it('rejects with ABORTED and the reason when it was aborted before', async () => {
    const plugin = await open();
    const reason = new Error('too late');
    const error = await failure(plugin.call('echo', 'x', { signal: AbortSignal.abort(reason) }));
    assert.equal(error.code, 'ABORTED');
    assert.equal(error.cause, reason);
    assert.equal(plugin.stats.calls, 0);
  });

  it('does nothing after the call has ended', async () => {
    const plugin = await open();
    const controller = new AbortController();
    await plugin.call('echo', 'x', { signal: controller.signal });
    const { startMs } = plugin.stats;
    controller.abort();
    await plugin.call('echo', 'x');
    assert.equal(plugin.stats.startMs, startMs);
  });
});

describe('P6: limits out of range', () => {
  const bad: unknown[] = [
    0,
    -1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1.5,
    '5',
    null,
    2 ** 53,
    [5],
    { valueOf: () => 5 },
  ];
  it('throw OPTION_INVALID wherever a limit can be given', async () => {
    const plugin = await open();
    const wasm = await guest();
    for (const value of bad) {
      const limits = { timeoutMs: value } as Partial<Limits>;
      await rejectsCode('OPTION_INVALID', makeHost({ limits }), /`timeoutMs`/);
      await rejectsCode('OPTION_INVALID', host.open(wasm, { id: 'x', limits }), /`timeoutMs`/);
      await rejectsCode('OPTION_INVALID', plugin.call('echo', '', { timeoutMs: value as number }), /`timeoutMs`/);
      await rejectsCode('OPTION_INVALID', plugin.configure({ limits }), /`timeoutMs`/);
    }
  });

  const options: [name: string, value: unknown][] = [
    ['limits', { noSuchLimit: 1 }],
    ['limits', JSON.parse('{ "__proto__": 1 }')],
    ['live', 0],
    ['live', 65],
    ['idleMs', 999],
    ['storage', '../x'],
    ['storage', ''],
    ['hostCalls', 'magic'],
    ['logLevel', 'loud'],
    ['logLevel', 'constructor'],
    ['policy', { nonsense: true }],
  ];
  for (const [name, value] of options) {
    it(`throw OPTION_INVALID: createHost({ ${name}: ${JSON.stringify(value)} })`, async () => {
      await rejectsCode('OPTION_INVALID', makeHost({ [name]: value }));
    });
  }

  it('install and manifest only lower what the host sets', async () => {
    const strict = await makeHost({ limits: { timeoutMs: 1_000, memoryBytes: 4 << 20 } });
    const data = await guest();
    const manifest = { wasm: [{ data }], timeout_ms: 60_000, memory: { max_var_bytes: 1_000 } };
    const plugin = await strict.open(manifest, { id: 'asking', limits: { timeoutMs: 2_000, exchangeBytes: 1 << 20 } });
    assert.deepInclude(plugin.limits, { timeoutMs: 1_000, varBytes: 1_000, exchangeBytes: 1 << 20 });
    assert.deepInclude(strict.limits, { timeoutMs: 1_000, memoryBytes: 4 << 20, exchangeBytes: 16 << 20 });
  });
});
