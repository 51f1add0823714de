// Groups C and M of the attack cases: what a plugin may take, and what happens when it takes more, where engines have a say in
// it. The rest is in decisions/limits.test.ts.

import { assert } from 'chai';
import { ClocheError, type Host, type Limits, type Plugin } from '../../src/index.ts';
import { engine } from '../helpers/engine.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { guest, SPIN, SPIN_IMPORT } from '../helpers/guests.ts';
import { closePlugins, eventually, makeHost } from '../helpers/hosts.ts';
import { endSpinners } from '../helpers/killed.ts';
import { wat } from '../helpers/wat.ts';
import { linkedMemories } from './linked-memories.ts';

let host: Host;
before(async () => {
  host = await makeHost();
});
afterEach(() => closePlugins(host));

async function open(body = '', limits: Partial<Limits> = {}, imports = ''): Promise<Plugin> {
  return host.open(await guest(body, imports), { id: 'greedy', limits });
}

describe('M15: memories', () => {
  it('that the engine has no room for are those of plugins that sleep then, one after the other', async function () {
    this.timeout(60_000);
    const roomy = await makeHost({ live: 60 });
    const wasm = await linkedMemories(8);
    // With the kernel's nine each: more than the 125 of a process of Chromium.
    const ids = Array.from({ length: 15 }, (_, i) => `p${i}`);
    for (const id of ids) await (await roomy.open(wasm, { id })).call('run');
    const asleep = roomy.plugins.filter(({ state }) => state === 'asleep').map(({ id }) => id);
    assert.deepEqual(asleep, ids.slice(0, asleep.length));
    assert.equal(asleep.length > 0, engine.reservesAddresses, `${asleep.length} sleep`);
    for (const plugin of roomy.plugins) await plugin.call('run');
    await roomy.close();
  });
});

describe('traps', () => {
  it('C7: unbounded recursion surfaces as TRAP, with the guest’s frames, and the worker is usable', async () => {
    const plugin = await open(`
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
    const plugin = await open(GROW, { memoryBytes: 1 << 20 });
    assert.equal((await plugin.call('grow')).bytes()[0], 16);
    assert.equal(plugin.stats.use?.memoryBytes, 1 << 20);
  });

  it('M1: rejects with OUT_OF_MEMORY when a guest traps at its cap, and the next call works', async () => {
    const plugin = await open(GROW, { memoryBytes: 1 << 20 });
    await rejectsCode('OUT_OF_MEMORY', plugin.call('grow_or_die'), /"greedy"/);
    assert.equal((await plugin.call('echo', 'x')).text(), 'x');
  });

  describe('M1: growth that was refused', () => {
    const MEMORY_AND_EXIT = `(memory (export "memory") 1)
      ${['asks', 'doubles', 'settles', 'exits', 'recurses', 'says'].map((name) => CODE[name]).join('\n')}`;
    const EXIT = '(import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))';
    let plugin: Plugin;
    beforeEach(async () => {
      plugin = await open(MEMORY_AND_EXIT, { memoryBytes: 1 << 20 }, EXIT);
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
      const data = await guest(
        '(memory 1) (func (export "_initialize") (if (i32.eq (memory.grow (i32.const 2)) (i32.const -1)) (then (unreachable))))',
      );
      const starting = host.open({ wasm: [{ data }], memory: { max_pages: 1 } }, { id: 'starting' });
      await rejectsCode('OUT_OF_MEMORY', starting, /"starting".*131072 bytes more .*`growthPages` to 1 /);
    });
  });

  it('M2: `table.grow` returns -1 at the cap; memory64, shared and second memories are refused', async () => {
    const plugin = await open(
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
});

describe('AbortSignal', () => {
  it('ends the worker while the guest runs, and the next call starts afresh', async () => {
    const plugin = await open();
    const began = performance.now();
    await rejectsCode('ABORTED', plugin.call('spin', '', { signal: AbortSignal.timeout(150) }), /"greedy"/);
    assert.isBelow(performance.now() - began, 150 + 1_000);
    assert.equal(plugin.state, 'asleep');
    await eventually(async () => (await host.population()).plugins === 0, 'the worker to be gone');
    assert.equal((await plugin.call('echo', 'x')).text(), 'x');
    endSpinners();
  });

  it('ends a start', async () => {
    const wasm = await wat(`(module ${SPIN_IMPORT} (func $f ${SPIN}) (start $f))`);
    await rejectsCode('ABORTED', host.open(wasm, { id: 'stuck', signal: AbortSignal.timeout(300) }));
    assert.isEmpty(host.plugins);
    await eventually(async () => (await host.population()).plugins === 0, 'the worker to be gone');
  });
});
