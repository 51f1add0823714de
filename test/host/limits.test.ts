// Groups C, M and H5/H6 of the attack cases: what a plugin may take, and what happens when it takes more.

import { assert } from 'chai';
import { ClocheError, defineCapability, type ErrorCode, type Host, type Limits, type Plugin } from '../../src/index.ts';
import { engine } from '../helpers/engine.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { guest, packed, SPIN, SPIN_IMPORT } from '../helpers/guests.ts';
import { closeHosts, eventually, makeHost, pause } from '../helpers/hosts.ts';
import { wat } from '../helpers/wat.ts';

afterEach(closeHosts);

async function open(body = '', limits: Partial<Limits> = {}, imports = ''): Promise<{ host: Host; plugin: Plugin }> {
  const host = await makeHost();
  const plugin = await host.open(await guest(body, imports), { id: 'greedy', limits });
  return { host, plugin };
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

describe('H11: names of a module', () => {
  const exported = (count: number, length: number): string =>
    Array.from({ length: count }, (_, i) => `(func (export "${'x'.repeat(length)}${i}"))`).join('');

  it('are refused when they are long together', async () => {
    await rejectsCode('MODULE_REJECTED', open(exported(250, 9_000)), /2097152/);
  });

  it('are told in short when an export is missing', async () => {
    const { plugin } = await open(exported(30, 9_000));
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
  /** Modules with one each, all of them linked. */
  const source = async (count: number) => {
    const names = Array.from({ length: count - 1 }, (_, i) => `m${i}`);
    const library = (name: string) => wat(`(module (memory 1) (func (export "${name}")))`);
    const imports = names.map((name) => `(import "${name}" "${name}" (func))`).join('');
    const main = await wat(`(module ${imports} (memory 1) (func (export "run")))`);
    const libraries = names.map(async (name) => ({ name, data: await library(name) }));
    return { wasm: [{ name: 'main', data: main }, ...(await Promise.all(libraries))] };
  };

  it('are eight at most in all modules of a plugin, however small', async () => {
    const host = await makeHost();
    await rejectsCode('MODULE_REJECTED', host.open(await source(9), { id: 'greedy' }), /9 memories; at most 8/);
    assert.lengthOf((await (await host.open(await source(8), { id: 'modest' })).call('run')).bytes(), 0);
  });

  it('that the engine has no room for are those of plugins that sleep then, one after the other', async function () {
    this.timeout(60_000);
    const host = await makeHost({ live: 60 });
    const wasm = await source(8);
    // With the kernel's nine each: more than the 125 of a process of Chromium.
    const ids = Array.from({ length: 15 }, (_, i) => `p${i}`);
    for (const id of ids) await (await host.open(wasm, { id })).call('run');
    const asleep = host.plugins.filter(({ state }) => state === 'asleep').map(({ id }) => id);
    assert.deepEqual(asleep, ids.slice(0, asleep.length));
    assert.equal(asleep.length > 0, engine.reservesAddresses, `${asleep.length} sleep`);
    for (const plugin of host.plugins) await plugin.call('run');
  });
});

describe('traps', () => {
  it('C7: unbounded recursion surfaces as TRAP, with the guest’s frames, and the worker is usable', async () => {
    const { plugin } = await open(`
      (func $down (param $n i64) (result i64) (i64.add (call $down (i64.add (local.get $n) (i64.const 1))) (i64.const 1)))
      (func (export "recurse") (result i32) (call $put_u64 (call $down (i64.const 0))) (i32.const 0))`);
    const { startMs } = plugin.stats;
    const error = await failure(plugin.call('recurse'));
    assert.equal(error.code, 'TRAP', error.message);
    assert.match(error.message, /call stack exhausted/);
    assert.isNotEmpty(error.wasmStack);
    assert.isAtMost(error.wasmStack?.length ?? 0, 50);
    assert.equal((await plugin.call('echo', 'x')).text(), 'x');
    assert.equal(plugin.stats.startMs, startMs, 'in the same worker');
    assert.equal(plugin.stats.kills, 0);
  });

  it('starts each call after a trap with a fresh instance', async () => {
    const { plugin } = await open(`
      (global $count (mut i64) (i64.const 0))
      (func (export "count") (result i32)
        (global.set $count (i64.add (global.get $count) (i64.const 1))) (call $put_u64 (global.get $count)) (i32.const 0))`);
    const count = async () => (await plugin.call('count')).bytes()[0];
    assert.deepEqual([await count(), await count()], [1, 2]);
    await rejectsCode('TRAP', plugin.call('trap'), /Export `trap` of plugin "greedy" failed/);
    assert.equal(await count(), 1);
  });
});

async function failure(call: Promise<unknown>): Promise<ClocheError> {
  try {
    await call;
  } catch (thrown) {
    if (thrown instanceof ClocheError) return thrown;
    throw thrown;
  }
  return assert.fail('expected a failure');
}

/** Exports that are refused memory under a cap of 16 pages, and what they do then. */
const CODE: Record<string, string> = {
  asks: '(func (export "asks") (if (i32.eq (memory.grow (i32.const 100)) (i32.const -1)) (then (unreachable))))',
  doubles: `(func (export "doubles")
    (loop $more (br_if $more (i32.ne (memory.grow (memory.size)) (i32.const -1)))) (unreachable))`,
  settles: `(func (export "settles")
    (drop (memory.grow (i32.const 100))) (drop (memory.grow (i32.const 1))) (unreachable))`,
  exits: '(func (export "exits") (drop (memory.grow (i32.const 100))) (call $exit (i32.const 3)))',
  recurses: `(func $deeper (result i64) (i64.add (call $deeper) (i64.const 1)))
    (func (export "recurses") (drop (memory.grow (i32.const 100))) (drop (call $deeper)))`,
  says: `(func (export "says") (local $p i64)
    (drop (memory.grow (i32.const 100)))
    (local.set $p (call $alloc (i64.const 3)))
    (call $store_u8 (local.get $p) (i32.const 97))
    (call $store_u8 (i64.add (local.get $p) (i64.const 1)) (i32.const 98))
    (call $store_u8 (i64.add (local.get $p) (i64.const 2)) (i32.const 99))
    (call $error_set (local.get $p)) (unreachable))`,
};

describe('memory and size', () => {
  const GROW = `(memory (export "memory") 1)
    (func (export "grow") (result i32) (local $pages i64)
      (block $full (loop $more
        (br_if $full (i32.eq (memory.grow (i32.const 1)) (i32.const -1)))
        (br $more)))
      (call $put_u64 (i64.extend_i32_u (memory.size))) (i32.const 0))
    (func (export "grow_or_die") (result i32)
      (loop $more (if (i32.eq (memory.grow (i32.const 1)) (i32.const -1)) (then (unreachable))) (br $more)) (i32.const 0))`;

  it('M1: `memory.grow` returns -1 at the cap', async () => {
    const { plugin } = await open(GROW, { memoryBytes: 1 << 20 });
    assert.equal((await plugin.call('grow')).bytes()[0], 16);
    assert.equal(plugin.stats.use?.memoryBytes, 1 << 20);
  });

  it('M1: rejects with OUT_OF_MEMORY when a guest traps at its cap, and the next call works', async () => {
    const { plugin } = await open(GROW, { memoryBytes: 1 << 20 });
    await rejectsCode('OUT_OF_MEMORY', plugin.call('grow_or_die'), /"greedy"/);
    assert.equal((await plugin.call('echo', 'x')).text(), 'x');
  });

  describe('M1: growth that was refused', () => {
    const MEMORY_AND_EXIT = `(memory (export "memory") 1)
      ${['asks', 'doubles', 'settles', 'exits', 'recurses', 'says'].map((name) => CODE[name]).join('\n')}`;
    const EXIT = '(import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))';
    let plugin: Plugin;
    beforeEach(async () => {
      ({ plugin } = await open(MEMORY_AND_EXIT, { memoryBytes: 1 << 20 }, EXIT));
    });

    for (const [name, refused] of [
      ['asks', 100 * 65_536],
      ['doubles', 16 * 65_536],
      ['exits', 100 * 65_536],
      ['says', 100 * 65_536],
    ] as const) {
      it(`is what the guest gave up for, and the cap is named: it ${name}`, async () => {
        const error = await failure(plugin.call(name));
        assert.equal(error.code, 'OUT_OF_MEMORY');
        assert.match(error.message, new RegExp(`${refused} bytes more .* \`memoryBytes\` limits to 1048576`));
        if (name === 'exits') assert.equal(error.exitCode, 3);
        if (name === 'says') assert.match(error.message, /the plugin said: abc/);
        await rejectsCode('TRAP', plugin.call('trap'));
      });
    }

    it('does not count where the guest then made do with less, or fell for something else', async () => {
      await rejectsCode('TRAP', plugin.call('settles'));
      await rejectsCode('TRAP', plugin.call('recurses'), /call stack exhausted/);
    });

    it('is named too where a manifest caps it, and where the plugin only starts', async () => {
      const host = await makeHost();
      const data = await guest(
        '(memory 1) (func (export "_initialize") (if (i32.eq (memory.grow (i32.const 2)) (i32.const -1)) (then (unreachable))))',
      );
      const starting = host.open({ wasm: [{ data }], memory: { max_pages: 1 } }, { id: 'starting' });
      await rejectsCode('OUT_OF_MEMORY', starting, /"starting".*131072 bytes more .*`growthPages` to 1 /);
    });
  });

  it('M1: rejects with MODULE_REJECTED a module that starts above the cap', async () => {
    const host = await makeHost();
    const wasm = await guest('(memory 17)');
    await rejectsCode('MODULE_REJECTED', host.open(wasm, { id: 'big', limits: { memoryBytes: 1 << 20 } }), /"big"/);
    await host.open(wasm, { id: 'big', limits: { memoryBytes: 17 << 16 } });
  });

  it('M2: `table.grow` returns -1 at the cap; memory64, shared and second memories are refused', async () => {
    const { host, plugin } = await open(
      `(table $t 1 funcref)
       (func (export "grow") (result i32) (local $i i32)
         (loop $more (br_if $more (i32.ne (table.grow $t (ref.null func) (i32.const 10)) (i32.const -1))))
         (call $put_u64 (i64.extend_i32_u (table.size $t))) (i32.const 0))`,
      { tableElements: 100 },
    );
    assert.equal((await plugin.call('grow')).bytes()[0], 91);
    for (const memory of ['(memory i64 1)', '(memory 1 2 shared)', '(memory 1) (memory 1)']) {
      await rejectsCode('MODULE_REJECTED', host.open(await wat(`(module ${memory})`), { id: 'odd' }), /"odd"/);
    }
  });

  it('M3, M4: `alloc` answers 0 over `exchangeBytes`, for 2^40 and for negative sizes, and holds nothing', async () => {
    const { plugin } = await open(
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
    const { host, plugin } = await open(
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
    const { plugin } = await open('', { exchangeBytes: 65_536 });
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
    const { plugin } = await open();
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
    const { plugin } = await open('', { queuedCalls: 2 });
    const codes = await Promise.all(['a', 'b', 'c', 'd'].map((input) => outcome(plugin.call('echo', input))));
    assert.deepEqual(codes, ['ok', 'ok', 'ok', 'BUSY']);
    assert.equal(await outcome(plugin.call('echo')), 'ok');
    const error = await failure(Promise.all(['a', 'b', 'c', 'd'].map((input) => plugin.call('echo', input))));
    assert.equal(error.plugin, 'greedy');
  });

  it('H6: an aborted call gives its place in the queue back', async () => {
    const { plugin } = await open('', { queuedCalls: 1, timeoutMs: 300 });
    const controller = new AbortController();
    const running = outcome(plugin.call('spin'));
    const waiting = outcome(plugin.call('echo', 'x', { signal: controller.signal }));
    controller.abort();
    assert.equal(await waiting, 'ABORTED');
    assert.equal(await outcome(plugin.call('echo', 'y')), 'ok');
    assert.equal(await running, 'TIMEOUT');
  });

  describe('H5', () => {
    async function callers(): Promise<{ a: Plugin; b: Plugin }> {
      const plugins = new Map<string, Plugin>();
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
      const host = await makeHost({ capabilities: [relay], serviceWorker: '/cloche-sw.js' });
      // With an empty path it echoes, else it asks the next plugin on the path.
      const text = await guest(
        `(func (export "relay") (result i32)
           (if (i64.eqz (call $input_length)) (then (return (i32.const 0))))
           (call $put (call $to (call $input_offset))) (i32.const 0))`,
        '(import "extism:host/user" "to" (func $to (param i64) (result i64)))',
      );
      for (const id of ['a', 'b']) plugins.set(id, await host.open(text, { id }));
      return { a: plugins.get('a') as Plugin, b: plugins.get('b') as Plugin };
    }

    it('H5: rejects with REENTRANT when a host function calls its own plugin', async () => {
      const { a } = await callers();
      await rejectsCode('REENTRANT', a.call('relay', 'a'), /"a" is waiting for/);
      assert.equal((await a.call('echo', 'x')).text(), 'x');
    });

    it('H5: rejects with REENTRANT when A calls B calls A', async () => {
      const { a, b } = await callers();
      await rejectsCode('REENTRANT', a.call('relay', 'b>a'));
      assert.equal((await a.call('echo', 'x')).text(), 'x');
      assert.equal((await b.call('echo', 'x')).text(), 'x');
    });

    it('lets A call B', async () => {
      const { a } = await callers();
      assert.equal((await a.call('relay', 'b')).text(), '');
    });
  });
});

describe('AbortSignal', () => {
  it('rejects with ABORTED and the reason when it was aborted before', async () => {
    const { plugin } = await open();
    const reason = new Error('too late');
    const error = await failure(plugin.call('echo', 'x', { signal: AbortSignal.abort(reason) }));
    assert.equal(error.code, 'ABORTED');
    assert.equal(error.cause, reason);
    assert.equal(plugin.stats.calls, 0);
  });

  it('rejects at once while the call waits for its turn, and the running one goes on', async () => {
    const { plugin } = await open('', { timeoutMs: 300 });
    const running = outcome(plugin.call('spin'));
    const controller = new AbortController();
    const waiting = plugin.call('echo', 'x', { signal: controller.signal });
    await pause(50);
    const began = performance.now();
    controller.abort();
    await rejectsCode('ABORTED', waiting);
    assert.isBelow(performance.now() - began, 500);
    assert.equal(await running, 'TIMEOUT');
  });

  it('ends the worker while the guest runs, and the next call starts afresh', async () => {
    const { host, plugin } = await open();
    const began = performance.now();
    await rejectsCode('ABORTED', plugin.call('spin', '', { signal: AbortSignal.timeout(150) }), /"greedy"/);
    assert.isBelow(performance.now() - began, 150 + 1_000);
    assert.equal(plugin.state, 'asleep');
    await eventually(async () => (await host.population()).plugins === 0, 'the worker to be gone');
    assert.equal((await plugin.call('echo', 'x')).text(), 'x');
  });

  it('ends a start', async () => {
    const host = await makeHost();
    const wasm = await wat(`(module ${SPIN_IMPORT} (func $f ${SPIN}) (start $f))`);
    await rejectsCode('ABORTED', host.open(wasm, { id: 'stuck', signal: AbortSignal.timeout(300) }));
    assert.isEmpty(host.plugins);
    await eventually(async () => (await host.population()).plugins === 0, 'the worker to be gone');
  });

  it('does nothing after the call has ended', async () => {
    const { plugin } = await open();
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
    const { host, plugin } = await open();
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
    const host = await makeHost({ limits: { timeoutMs: 1_000, memoryBytes: 4 << 20 } });
    const data = await guest();
    const manifest = { wasm: [{ data }], timeout_ms: 60_000, memory: { max_var_bytes: 1_000 } };
    const plugin = await host.open(manifest, { id: 'asking', limits: { timeoutMs: 2_000, exchangeBytes: 1 << 20 } });
    assert.deepInclude(plugin.limits, { timeoutMs: 1_000, varBytes: 1_000, exchangeBytes: 1 << 20 });
    assert.deepInclude(host.limits, { timeoutMs: 1_000, memoryBytes: 4 << 20, exchangeBytes: 16 << 20 });
  });
});
