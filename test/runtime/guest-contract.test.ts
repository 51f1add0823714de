// What a worker can be told of a guest, and asked of it, whatever its ABI: shown with one that only these tests have.

import { assert } from 'chai';
import { ClocheError } from '../../src/errors.ts';
import { DEFAULT_LIMITS } from '../../src/limits.ts';
import type { Runner } from '../../src/runtime/runner.ts';
import { factsText } from '../../src/runtime/wire/module-facts.ts';
import type { FunctionShape, WireValue } from '../../src/runtime/wire/protocol.ts';
import { asyncDispose } from '../../src/util/dispose.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { eventually } from '../helpers/hosts.ts';
import { wat } from '../helpers/wat.ts';
import {
  call,
  closePools,
  codeOf,
  makePool,
  runnerOf,
  start,
  started,
  textOf,
  utf8,
  values,
} from './fake-abi/stage.ts';

afterEach(closePools);

/** A guest of the fake ABI; its memory is handed out from 1,024 on. */
function guest(body: string, imports = ''): Promise<Uint8Array<ArrayBuffer>> {
  return wat(`(module ${imports}
    (memory (export "memory") 1)
    (global $top (mut i32) (i32.const 1024))
    (global $count (mut i32) (i32.const 0))
    (func $alloc (export "alloc") (param $length i32) (result i32)
      (global.get $top)
      (global.set $top (i32.add (global.get $top) (local.get $length))))
    (func (export "count") (result i32)
      (global.set $count (i32.add (global.get $count) (i32.const 1)))
      (global.get $count))
    (func (export "trap") (unreachable))
    (func $pack (param $pointer i32) (param $length i32) (result i64)
      (i64.or
        (i64.shl (i64.extend_i32_u (local.get $pointer)) (i64.const 32))
        (i64.extend_i32_u (local.get $length))))
    ${body})`);
}

function shape(name: string, params: FunctionShape['params'], result: FunctionShape['result'] = null): FunctionShape {
  return { namespace: 'app', name, params, result };
}

describe('an export', () => {
  it('takes arguments and gives a result of every kind', async () => {
    const sandbox = await started(
      await guest(`
        (func (export "sum") (param i32 i64 f32 f64) (result f64)
          (f64.add
            (f64.add (f64.convert_i32_s (local.get 0)) (f64.convert_i64_s (local.get 1)))
            (f64.add (f64.promote_f32 (local.get 2)) (local.get 3))))
        (func (export "same") (param i64) (result i64) (local.get 0))
        (func (export "length") (param i32 i32) (result i32) (local.get 1))
        (func (export "nothing"))`),
    );
    assert.deepEqual(await values(sandbox, 'sum', 1, 2n, 0.5, 0.25), [3.75]);
    assert.deepEqual(await values(sandbox, 'same', 2n ** 63n - 1n), [2n ** 63n - 1n]);
    assert.deepEqual(await values(sandbox, 'same', -(2n ** 63n)), [-(2n ** 63n)]);
    assert.deepEqual(await values(sandbox, 'length', new Uint8Array(1_000)), [1_000]);
    assert.deepEqual(await values(sandbox, 'nothing'), []);
  });

  it('gives text that lies in its own memory', async () => {
    const sandbox = await started(
      await guest(`
        (data (i32.const 0) "hello ")
        (func (export "greet") (param $pointer i32) (param $length i32) (result i64)
          (local $to i32)
          (local.set $to (call $alloc (i32.add (local.get $length) (i32.const 6))))
          (memory.copy (local.get $to) (i32.const 0) (i32.const 6))
          (memory.copy (i32.add (local.get $to) (i32.const 6)) (local.get $pointer) (local.get $length))
          (call $pack (local.get $to) (i32.add (local.get $length) (i32.const 6))))`),
    );
    const [text] = await values(sandbox, 'greet', utf8('straße'));
    assert.equal(textOf(text), 'hello straße');
  });

  it('leaves the bytes that it was given to the caller, and sees no more of them than their view shows', async () => {
    const sandbox = await started(await guest('(func (export "length") (param i32 i32) (result i32) (local.get 1))'));
    const bytes = new Uint8Array(100).fill(7);
    assert.deepEqual(await values(sandbox, 'length', bytes.subarray(10, 20)), [10]);
    assert.deepEqual([...bytes], new Array(100).fill(7));
  });

  it('is refused with arguments that it does not take, or with an input, and goes on', async () => {
    const sandbox = await started(await guest(''));
    assert.equal(codeOf(await call(sandbox, { export: 'count', args: [1] })), 'EXPORT_INVALID');
    assert.equal(codeOf(await call(sandbox, { export: 'count', input: new Uint8Array() })), 'EXPORT_INVALID');
    assert.equal(codeOf(await call(sandbox, { export: 'none', args: [] })), 'EXPORT_MISSING');
    assert.deepEqual(await values(sandbox, 'count'), [1]);
  });
});

describe('a host function', () => {
  it('takes and gives text in the memory of the guest', async () => {
    const asked: string[] = [];
    const sandbox = await started(
      await guest(
        `(func (export "ask") (param i32 i32) (result i64) (call $lookup (local.get 0) (local.get 1)))`,
        '(import "app" "lookup" (func $lookup (param i32 i32) (result i64)))',
      ),
      {
        functions: [shape('lookup', ['text'], 'text')],
        answers: [
          (text) => {
            asked.push(textOf(text));
            return utf8(`${textOf(text)}: gefunden ✓`);
          },
        ],
      },
    );
    const [answer] = await values(sandbox, 'ask', utf8('straße'));
    assert.deepEqual(asked, ['straße']);
    assert.equal(textOf(answer), 'straße: gefunden ✓');
  });

  it('H7: hears nothing of a text that does not lie in the memory of the guest; that is a trap', async () => {
    let called = 0;
    const sandbox = await started(
      await guest(
        `(func (export "ask") (result i64) (call $lookup (i32.const 65530) (i32.const 7)))
         (func (export "far") (result i64) (call $lookup (i32.const -1) (i32.const -1)))`,
        '(import "app" "lookup" (func $lookup (param i32 i32) (result i64)))',
      ),
      { functions: [shape('lookup', ['text'], 'text')], answers: [() => void called++] },
    );
    assert.equal(codeOf(await call(sandbox, { export: 'ask', args: [] })), 'TRAP');
    assert.equal(codeOf(await call(sandbox, { export: 'far', args: [] })), 'TRAP');
    assert.equal(called, 0);
  });

  it('can start a callback later: with the numbers that the guest gave, and arguments of its own', async () => {
    const callbacks: WireValue[][] = [];
    const sandbox = await started(
      await guest(
        `(global $last (mut i32) (i32.const 0))
         (func (export "init") (call $listen (i32.const 7) (i32.const 35)))
         (func (export "handle") (param $fn i32) (param $data i32) (param $pointer i32) (param $length i32)
           (global.set $last
             (i32.add (i32.add (local.get $fn) (local.get $data)) (i32.load8_u (local.get $pointer)))))
         (func (export "last") (result i32) (global.get $last))`,
        '(import "app" "listen" (func $listen (param i32 i32)))',
      ),
      {
        guest: { start: ['init'] },
        functions: [shape('listen', ['i32', 'i32'])],
        answers: [(...given) => void callbacks.push(given)],
      },
    );
    assert.deepEqual(callbacks, [[7, 35]]);
    const [[fn = null, data = null] = []] = callbacks;
    assert.deepEqual(await values(sandbox, 'handle', fn, data, utf8('!')), []);
    assert.deepEqual(await values(sandbox, 'last'), [7 + 35 + '!'.charCodeAt(0)]);
  });
});

describe('an instance', () => {
  const HANDLES = '(import "fake:host" "handle_new" (func $new (param i32) (result i32)))';
  const GET = '(import "fake:host" "handle_get" (func $get (param i32) (result i32)))';
  const handles = guest(
    `(func (export "open") (param i32) (result i32) (call $new (local.get 0)))
     (func (export "read") (param i32) (result i32) (call $get (local.get 0)))`,
    `${HANDLES} ${GET}`,
  );

  it('has handles of its own, and traps with one that is not', async () => {
    const sandbox = await started(await handles);
    assert.deepEqual(await values(sandbox, 'open', 41), [0]);
    assert.deepEqual(await values(sandbox, 'open', 42), [1]);
    assert.deepEqual(await values(sandbox, 'read', 1), [42]);
    for (const handle of [2, -1]) {
      assert.equal(codeOf(await call(sandbox, { export: 'read', args: [handle] })), 'TRAP');
    }
  });

  it('lives on after a trap, where its contract says so, with its memory and its handles', async () => {
    const sandbox = await started(await handles, { guest: { afterTrap: 'keep' } });
    await values(sandbox, 'open', 41);
    await values(sandbox, 'count');
    const { instance } = sandbox;
    const answer = await call(sandbox, { export: 'trap', args: [] });
    assert.deepEqual([codeOf(answer), answer.instanceEnded], ['TRAP', false]);
    assert.deepEqual(await values(sandbox, 'count'), [2]);
    assert.deepEqual(await values(sandbox, 'read', 0), [41]);
    assert.equal(sandbox.instance.id, instance.id);
  });

  it('ends with a trap, where its contract says so: the next has nothing of it', async () => {
    const sandbox = await started(await handles, { guest: { afterTrap: 'discard' } });
    await values(sandbox, 'open', 41);
    await values(sandbox, 'count');
    const { instance } = sandbox;
    const ended: string[] = [];
    instance.onEnd(() => ended.push('ended'));
    await values(sandbox, 'count');
    assert.isEmpty(ended);
    const answer = await call(sandbox, { export: 'trap', args: [] });
    assert.deepEqual([codeOf(answer), answer.instanceEnded], ['TRAP', true]);
    assert.deepEqual(ended, ['ended']);
    assert.deepEqual(await values(sandbox, 'count'), [1]);
    assert.equal(codeOf(await call(sandbox, { export: 'read', args: [0] })), 'TRAP');
    assert.notEqual(sandbox.instance.id, instance.id);
  });

  it('serves one call, where its contract says so, and ends before its caller hears', async () => {
    const sandbox = await started(await handles, { guest: { instance: 'per-call' } });
    const heard: string[] = [];
    sandbox.instance.onEnd(() => heard.push('ended'));
    assert.deepEqual(await values(sandbox, 'count').then((result) => [...heard, ...result]), ['ended', 1]);
    assert.deepEqual(await values(sandbox, 'count'), [1]);
  });

  it('ends with its sandbox; whoever asks later hears so at once', async () => {
    const pool = await makePool();
    const sandbox = await started(await handles, { pool });
    const { instance } = sandbox;
    let ended = 0;
    instance.onEnd(() => ended++);
    await pool[asyncDispose]();
    sandbox.end(new ClocheError('CLOSED', 'closed'));
    assert.equal(ended, 1);
    instance.onEnd(() => ended++);
    sandbox.instance.onEnd(() => ended++);
    assert.equal(ended, 3);
  });
});

describe('a worker that is told what its page assumes', () => {
  const noting = guest('(func (export "init") (call $note))', '(import "app" "note" (func $note))');
  let notes: number;
  const options = () => {
    notes = 0;
    const answers = [() => void notes++];
    return { functions: [shape('note', [])], answers, guest: { start: ['init'] } };
  };

  it('starts a guest whose facts are those', async () => {
    const { answer } = await start(await noting, { ...options(), inspectOnly: true });
    assert.equal(notes, 0);
    const assumed = factsText(answer.ok ? answer.modules : []);
    await started(await noting, { ...options(), assumed });
    assert.equal(notes, 1);
  });

  it('X6: tells the facts of any other, and runs nothing of it', async () => {
    const { answer } = await start(await noting, { ...options(), assumed: factsText([]) });
    assert.deepEqual([answer.ok && answer.modules.map(({ name }) => name), notes], [['main'], 0]);
  });
});

describe('a contract', () => {
  it('names start functions in their order: the first that a module has is run, once', async () => {
    const init = (name: string, by: number): string =>
      `(func (export "${name}") (global.set $count (i32.add (global.get $count) (i32.const ${by}))))`;
    const both = guest(init('one', 10) + init('two', 20));
    const first = await started(await both, { guest: { start: ['none', 'two', 'one'] } });
    assert.deepEqual(await values(first, 'count'), [21]);
    const second = await started(await both, { guest: { start: ['one', 'two'] } });
    assert.deepEqual(await values(second, 'count'), [11]);
  });

  it('says which version of its ABI a guest was built for', async () => {
    const asking = guest(
      '(func (export "version") (result i32) (call $version))',
      '(import "fake:host" "api_version" (func $version (result i32)))',
    );
    for (const apiVersion of [0, 1]) {
      assert.deepEqual(await values(await started(await asking, { guest: { apiVersion } }), 'version'), [apiVersion]);
    }
  });

  it('names what carries the state of a guest over its sleep', async () => {
    const sleep = { save: 'save', load: 'load' };
    const stateful = guest(`
      (func (export "save") (result i64)
        (i32.store (i32.const 0) (global.get $count))
        (call $pack (i32.const 0) (i32.const 4)))
      (func (export "load") (param $pointer i32) (param $length i32)
        (global.set $count (i32.load (local.get $pointer))))`);
    const pool = await makePool('fake', 1);
    const count = (runner: Runner) => runner.call({ export: 'count', args: [] }, {});
    const one = runnerOf(await stateful, pool, { sleep });
    const other = runnerOf(await stateful, pool, {});
    await count(one);
    assert.deepEqual((await count(one)).values, [2]);
    // There is one place.
    assert.deepEqual((await count(other)).values, [1]);
    assert.equal(one.state, 'asleep');
    assert.deepEqual((await count(one)).values, [3]);
    assert.deepEqual((await count(other)).values, [1]);
  });

  it('C1: a guest that never ends saving loses its worker as in any call, and its state', async () => {
    const endless = guest(`
      (func (export "save") (result i64) (loop (br 0)) (unreachable))
      (func (export "load") (param i32 i32))`);
    const heard: string[] = [];
    const runner = runnerOf(
      await endless,
      await makePool(),
      { sleep: { save: 'save', load: 'load' } },
      {
        limits: { ...DEFAULT_LIMITS, timeoutMs: 100 },
        killed: ({ code }) => heard.push(code),
        lost: ({ message }) => heard.push(message),
      },
    );
    const count = () => runner.call({ export: 'count', args: [] }, { timeoutMs: 100 });
    assert.deepEqual((await count()).values, [1]);
    await runner.sleep();
    assert.equal(runner.state, 'asleep');
    assert.match(heard.join(), /^TIMEOUT,its state is lost with its sleep/);
    assert.deepEqual((await count()).values, [1]);
  });

  const importing = guest(
    `(data (i32.const 16) "\\20\\00\\00\\00\\03\\00\\00\\00") (data (i32.const 32) "hi\\0a")
     (func (export "say") (result i32)
       (call $write (i32.const 1) (i32.const 16) (i32.const 1) (i32.const 64)))`,
    `(import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
     (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))`,
  );

  for (const [wasi, version, missing] of [
    ['none', 'preview1', ['fd_write', 'random_get']],
    ['reduced', 'preview1', ['random_get']],
    ['full', 'preview2', ['fd_write', 'random_get']],
    ['full', undefined, ['fd_write', 'random_get']],
  ] as const) {
    it(`refuses what ${wasi} WASI of ${version ?? 'no version'} does not have`, async () => {
      const { answer } = await start(await importing, { wasi, guest: version ? { wasi: version } : {} });
      assert.equal(codeOf(answer), 'IMPORT_MISSING');
      if (answer.ok) return;
      for (const name of ['fd_write', 'random_get']) {
        assert.equal(answer.error.message.includes(name), (missing as readonly string[]).includes(name), name);
      }
    });
  }

  it('gives all of WASI, where the plugin may use it', async () => {
    const lines: string[] = [];
    const sandbox = await started(await importing, { wasi: 'full', guest: { wasi: 'preview1' }, lines });
    assert.deepEqual(await values(sandbox, 'say'), [0]);
    assert.deepEqual(lines, ['stdout: hi']);
  });
});

describe('a second worker of one plugin', () => {
  it('runs beside the first, with a memory of its own, from what the first has compiled', async () => {
    const pool = await makePool();
    const bytes = await guest('');
    const first = await started(bytes, { pool }, 'shared');
    const workerHost = await pool.workerHost();
    // The cell tells of it past the worker's own port.
    await eventually(() => workerHost.has('shared'), 'it to be kept');
    const second = await started(null, { pool }, 'shared');
    await values(first, 'count');
    assert.deepEqual(await Promise.all([values(first, 'count'), values(second, 'count')]), [[2], [1]]);
    first.end(new ClocheError('CLOSED', 'no longer needed'));
    assert.deepEqual(await values(second, 'count'), [2]);
  });
});

describe('H20: an ABI', () => {
  for (const abi of ['fake', 'liar', '', 'constructor', '__proto__', 'toString']) {
    it(`named \`${abi}\` is none that workers have outside of these tests`, async () => {
      const { answer } = await start(await guest(''), { pool: await makePool('real'), guest: { abi } });
      assert.equal(codeOf(answer), 'START_FAILED');
    });
  }

  for (const [form, lies] of [
    ['args', ['output', 'both', 'many', 'text', 'nested', 'long', 'large', 'view', 'together']],
    ['input', ['values']],
  ] as const) {
    for (const lie of lies) {
      it(`that was taken over and answers ${form} with "${lie}" loses its worker`, async () => {
        const sandbox = await started(await guest(''), { guest: { abi: 'liar' } });
        const given = form === 'args' ? { args: [] } : { input: new Uint8Array() };
        await rejectsCode('PROTOCOL_VIOLATION', call(sandbox, { export: lie, ...given }));
        assert.isFalse(sandbox.alive);
      });
    }
  }
});
