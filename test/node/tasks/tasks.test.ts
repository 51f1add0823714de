// Tasks of a host without a browser: whose they are, which of them a line is about, and what of them is kept.

import '../with-resolvers.ts';
import assert from 'node:assert/strict';
import { afterEach, before, describe, it } from 'node:test';
import { LogEvent } from '../../../src/events.ts';
import { type TaskHost, Tasks } from '../../../src/tasks/tasks.ts';
import { asyncDispose } from '../../../src/util/dispose.ts';

type Plugin = TaskHost['plugins'][number];

/** A plugin whose calls end when they are told to, one after the other. */
function plugin(id: string, installation: string) {
  const calls: PromiseWithResolvers<unknown>[] = [];
  const one = {
    id,
    installation,
    active: true,
    settings: { temporary: false },
    contributed: { handlers: [{ use: 'task', handler: 'work' }] },
    dialect: {},
    call(_: string, __: unknown, { signal }: { readonly signal?: AbortSignal } = {}) {
      const call = Promise.withResolvers<unknown>();
      signal?.addEventListener('abort', () => call.reject(signal.reason));
      calls.push(call);
      return call.promise;
    },
  } as unknown as Plugin;
  return { one, calls, end: (value: unknown) => calls.shift()?.resolve({ json: () => value }) };
}

function hostOf(...plugins: Plugin[]) {
  const host = Object.assign(new EventTarget(), { plugins }) as unknown as TaskHost;
  const print = (id: string, text: string) =>
    host.dispatchEvent(new LogEvent({ plugin: id, time: 0, level: 'info', source: 'stdout', text }));
  return { host, print };
}

const all: Tasks[] = [];

async function opened(host: TaskHost, storage: string): Promise<Tasks> {
  const tasks = await Tasks.open(host, storage);
  all.push(tasks);
  return tasks;
}

async function turned(): Promise<void> {
  await new Promise((wake) => setTimeout(wake, 20));
}

describe('tasks', () => {
  before(() => {
    Object.defineProperty(globalThis, 'navigator', { value: {}, configurable: true });
    // Of a page; Node has none.
    globalThis.reportError = (thrown) => {
      throw thrown;
    };
  });
  afterEach(() => Promise.all(all.splice(0).map((tasks) => tasks[asyncDispose]())));

  it('are those of an installation, and not of the next plugin that has its id', async () => {
    const old = plugin('p', '@old');
    const tasks = await opened(hostOf(old.one).host, 'whose');
    const handle = await tasks.start('work');
    await turned();
    old.end('done');
    await handle.result;
    await tasks[asyncDispose]();
    const same = await opened(hostOf(old.one).host, 'whose');
    assert.deepEqual(
      same.list.map(({ state }) => state),
      ['complete'],
    );
    assert.ok(!('installations' in (same.list[0] ?? {})));
    await same[asyncDispose]();
    const other = await opened(hostOf(plugin('p', '@new').one).host, 'whose');
    assert.deepEqual(other.list, []);
    await other[asyncDispose]();
  });

  it('hear how far a plugin is for that one which it runs, and for none that waits for it', async () => {
    const { one, end } = plugin('p', '@p');
    const { host, print } = hostOf(one);
    const tasks = await opened(host, 'progress');
    const [first, second] = [await tasks.start('work'), await tasks.start('work')];
    await turned();
    assert.deepEqual([first.state, second.state], ['running', 'running']);
    print('p', 'progress 40% half');
    assert.deepEqual([first.progress.done, second.progress.done], [0.4, undefined]);
    end('one');
    await first.result;
    print('p', 'progress 10%');
    assert.deepEqual([first.progress.done, second.progress.done], [1, 0.1]);
    end('two');
    await second.result;
    await tasks[asyncDispose]();
  });

  it('keep what was given as long as their page, and beyond it only what is small', async () => {
    const { one, calls, end } = plugin('p', '@p');
    const { host } = hostOf(one);
    const tasks = await opened(host, 'large');
    const [large, failed] = [await tasks.start('work'), await tasks.start('work')];
    await turned();
    end('x'.repeat(100_000));
    assert.equal(String((await large.result)[0]?.value).length, 100_000);
    calls.shift()?.reject(new Error('y'.repeat(100_000)));
    await assert.rejects(failed.result);
    await tasks[asyncDispose]();
    const next = await opened(host, 'large');
    assert.deepEqual(next.get(large.id)?.results, [{ plugin: 'p', value: undefined }]);
    assert.equal(next.get(failed.id)?.error?.message.length, 4_096);
    await next[asyncDispose]();
  });

  it('are interrupted where their page has ended before they did', async () => {
    const { one } = plugin('p', '@p');
    const { host } = hostOf(one);
    const tasks = await opened(host, 'interrupted');
    const { id, result } = await tasks.start('work');
    const refused = assert.rejects(result, { code: 'CLOSED' });
    await turned();
    await tasks[asyncDispose]();
    await refused;
    assert.equal((await opened(host, 'interrupted')).get(id)?.state, 'interrupted');
  });

  it('keep how far they were and what was given until then, also where their page ends without a word', async () => {
    const [one, two] = [plugin('p', '@p'), plugin('q', '@q')];
    const { host, print } = hostOf(one.one, two.one);
    const tasks = await opened(host, 'half-way');
    const { id, result } = await tasks.start('work');
    result.catch(() => undefined);
    await turned();
    one.end('one');
    await turned();
    print('q', 'progress 60% the rest');
    await new Promise((wake) => setTimeout(wake, 700));
    const next = await opened(host, 'half-way');
    for (let looks = 0; looks < 50 && next.get(id)?.state === 'running'; looks++) await turned();
    await turned();
    const after = next.get(id);
    assert.equal(after?.state, 'interrupted');
    assert.deepEqual(after?.progress, { done: 0.6, text: 'the rest' });
    assert.deepEqual(after?.results, [{ plugin: 'p', value: 'one' }]);
  });

  it('run four at a time while a hundred wait, and are ended by who cancels them, running or not', {
    timeout: 20_000,
  }, async () => {
    const { one, calls } = plugin('p', '@p');
    const tasks = await opened(hostOf(one).host, 'bounds');
    const started = [];
    for (let count = 0; count < 104; count++) started.push(await tasks.start('work'));
    await turned();
    assert.equal(calls.length, 4);
    await assert.rejects(tasks.start('work'), { code: 'BUSY', message: /104 tasks are under way/ });
    const [running, waiting] = [started[0], started[103]];
    assert.ok(running && waiting);
    waiting.cancel();
    await assert.rejects(waiting.result, { code: 'ABORTED' });
    running.cancel();
    await assert.rejects(running.result, { code: 'ABORTED' });
    await turned();
    // The next one has its turn.
    assert.deepEqual([running.state, waiting.state, calls.length], ['failed', 'failed', 5]);
    for (const { result } of started) result.catch(() => undefined);
  });
});
