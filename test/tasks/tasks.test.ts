// Tasks: what runs for long, what becomes of it, and what the next page knows of it.

import { assert } from 'chai';
import {
  defaultCapabilities,
  defineCapability,
  type Host,
  type HostOptions,
  type InstallOptions,
  type TaskHandle,
  type TaskInfo,
} from '../../src/index.ts';
import { echoAs, type WindmillParts, windmillPlugin } from '../helpers/component.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { closeHosts, eventually, makeHost, uniqueStorage } from '../helpers/hosts.ts';
import { closeTabs, openTab, reloadTab } from '../host/open-tab.ts';

const WIT = 'export work: func(data: string) -> result<string, string>;';
const ECHO = `(func (export "work") ${echoAs(0)})`;
const SPINS = '(func (export "work") (param i32 i32) (result i32) (loop $more (br $more)) (i32.const 0))';
/** What begins with `t` traps, with `s` spins, and all else is an error. */
const FAILS = `(func $fail ${echoAs(1)})
  (func (export "work") (param $at i32) (param $length i32) (result i32)
    (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 116)) (then unreachable))
    (if (i32.eq (i32.load8_u (local.get $at)) (i32.const 115)) (then (loop $more (br $more))))
    (call $fail (local.get $at) (local.get $length)))`;

const plugin = (name: string, functions = ECHO, more: Partial<WindmillParts> = {}): Promise<Uint8Array<ArrayBuffer>> =>
  windmillPlugin({ name, wit: WIT, functions, tasks: ['work'], ...more });

/** Never ends, and leaves nothing that spins. */
const waits = (name: string): Promise<Uint8Array<ArrayBuffer>> =>
  plugin(name, '(func (export "work") (param i32 i32) (result i32) (call $never) (i32.const 0))', {
    wit: `import test:app/page; ${WIT}`,
    packages: 'package test:app { interface page { never: func(); } }',
    imports: '(import "test:app/page" "never" (func $never))',
  });
const waiting = defineCapability({
  name: 'waiting',
  namespace: 'test:app/page',
  functions: { never: { params: ['json'], call: () => new Promise<void>(() => undefined) } },
});
const WAITS: InstallOptions = { grant: { waiting: true } };

const patientHost = (options: HostOptions = {}): Promise<Host> =>
  makeHost({
    serviceWorker: '/cloche-sw.js',
    capabilities: [...defaultCapabilities(), waiting],
    limits: { timeoutMs: 60_000 },
    ...options,
  });

/** Resolves once it is so; each change of a task is looked at. */
async function until(
  host: Host,
  id: string,
  isSo: (info: TaskInfo | undefined) => boolean,
): Promise<TaskInfo | undefined> {
  const tasks = await host.tasks();
  const { promise, resolve } = Promise.withResolvers<TaskInfo | undefined>();
  const look = (): void => {
    const info = tasks.get(id);
    if (isSo(info)) resolve(info);
  };
  tasks.addEventListener('taskchange', look);
  look();
  const found = await promise;
  tasks.removeEventListener('taskchange', look);
  return found;
}

const started = (host: Host, { id }: TaskHandle) => until(host, id, (info) => info?.state === 'running');

describe('a task', function () {
  this.timeout(120_000);
  afterEach(closeTabs);
  afterEach(closeHosts);

  it('runs in all plugins that have it, one after the other, and gives what each gave', async () => {
    const host = await makeHost();
    await host.open(await plugin('a'));
    await host.open(await plugin('b', ECHO, { tasks: ['work', 'work'], routes: [['/b/work', 'work', true]] }));
    const task = await host.task('work', { n: 1 });
    assert.deepEqual(await task.result, [
      { plugin: 'a', value: '{"n":1}' },
      { plugin: 'b', value: '{"n":1}' },
    ]);
    assert.deepEqual([task.state, task.progress], ['complete', { done: 1, text: '' }]);
    const one = await host.task('work', 'x', { plugin: 'b' });
    assert.deepEqual(await one.result, [{ plugin: 'b', value: 'x' }]);
    await rejectsCode(
      'EXPORT_MISSING',
      host.task('work', 'x', { plugin: 'c' }),
      /^Task work not registered by plugin c$/,
    );
    await rejectsCode('EXPORT_MISSING', host.task('none'), /^Task none not registered by any plugin$/);
  });

  it('fails with the first plugin that fails, in whatever way, and says why', async () => {
    const host = await makeHost({ limits: { timeoutMs: 500 } });
    await host.open(await plugin('fails', FAILS));
    await host.open(await plugin('next'));
    const outcome = async (input: string): Promise<readonly string[]> => {
      const task = await host.task('work', input);
      const code = await task.result.then(
        () => 'none',
        (error: { code: string }) => error.code,
      );
      const { error, results = [] } = (await host.tasks()).get(task.id) ?? {};
      assert.equal(error?.code, code);
      assert.match(error?.message ?? '', /^Failed to call task work in plugin fails: /);
      return [task.state, code, String(results.length)];
    };
    assert.deepEqual(await outcome('why'), ['failed', 'PLUGIN_ERROR', '0']);
    assert.deepEqual(await outcome('trap'), ['failed', 'TRAP', '0']);
    assert.deepEqual(await outcome('spin'), ['failed', 'TIMEOUT', '0']);
  });

  it('settles all when it is cancelled, running or not', async () => {
    const host = await patientHost();
    const waiter = await host.open(await waits('waits'), WAITS);
    const tasks = await Promise.all(Array.from({ length: 6 }, () => host.task('work', 'x')));
    await started(host, tasks[0] as TaskHandle);
    assert.deepEqual(
      tasks.map(({ state }) => state).filter((state) => state === 'pending').length >= 2,
      true,
      'more wait than run',
    );
    for (const task of tasks) task.cancel();
    for (const task of tasks) {
      await rejectsCode('ABORTED', task.result);
      assert.equal(task.state, 'failed');
    }
    (tasks[0] as TaskHandle).cancel();
    const over = new AbortController();
    const aborted = await host.task('work', 'x', { signal: over.signal });
    over.abort();
    await rejectsCode('ABORTED', aborted.result);
    await waiter.close();
    await host.open(await plugin('a'));
    assert.equal((await (await host.task('work', 'x', { plugin: 'a' })).result).length, 1);
  });

  it('is interrupted when its host is closed, and the next one knows', async () => {
    const storage = uniqueStorage();
    const host = await patientHost({ storage });
    await host.install(await waits('waits'), WAITS);
    await host.install(
      await plugin('done', ECHO, {
        tasks: ['quick'],
        wit: WIT.replace('work', 'quick'),
        functions: ECHO.replace('work', 'quick'),
      }),
    );
    const quick = await host.task('quick', 'x');
    await quick.result;
    const task = await host.task('work', 'x');
    await started(host, task);
    const closing = host.close();
    await rejectsCode('CLOSED', task.result);
    await closing;
    const next = await makeHost({ storage });
    const list = (await next.tasks()).list;
    assert.deepEqual(
      list.map(({ name, state, results }) => [name, state, results.length]),
      [
        ['work', 'interrupted', 0],
        ['quick', 'complete', 1],
      ],
    );
    await next.get('done')?.uninstall();
    await until(next, quick.id, (info) => info === undefined);
    await (await next.tasks()).clear();
    assert.deepEqual((await next.tasks()).list, []);
  });

  it('is interrupted where its page is loaded anew, which knows how far it was and what others gave', async () => {
    const storage = uniqueStorage();
    const tab = await openTab(storage);
    await tab.host.install(await plugin('done'));
    await tab.host.install(await plugin('spins', SPINS));
    const ended = await tab.host.task('work', 'first', { plugin: 'done' });
    await ended.result;
    const { id } = await tab.host.task('work', 'second', { timeoutMs: 60_000 });
    const { document } = tab;
    const tasks = await tab.host.tasks();
    // Stored a moment after it was told.
    const other = await makeHost({ storage });
    await until(other, id, (info) => info?.results.length === 1);
    assert.equal(tasks.get(id)?.state, 'running');
    const after = await reloadTab(tab, storage);
    assert.notEqual(after.document, document);
    const next = await after.host.tasks();
    await eventually(() => next.get(id)?.state === 'interrupted', 'the task to be interrupted', 10_000);
    assert.equal(
      JSON.stringify(next.list.map(({ state, progress, results }) => [state, progress.done, results])),
      JSON.stringify([
        ['interrupted', 0.5, [{ plugin: 'done', value: 'second' }]],
        ['complete', 1, [{ plugin: 'done', value: 'first' }]],
      ]),
    );
  });

  it('is shown in other tabs, and cancelled from there', async () => {
    const storage = uniqueStorage();
    const host = await patientHost({ storage });
    await host.install(await waits('waits'), WAITS);
    const other = await makeHost({ storage });
    await other.tasks();
    const first = await host.task('work', 'x');
    await until(other, first.id, (info) => info?.state === 'running');
    (await other.tasks()).cancel(first.id);
    await rejectsCode('ABORTED', first.result);
    await until(other, first.id, (info) => info?.state === 'failed');
  });

  it('is what a route that says so is answered with', async () => {
    const host = await makeHost();
    const routes = [
      ['/r/work', 'work', true],
      ['/r/plain', 'plain', false],
    ] as const;
    const wit = `${WIT} export plain: func(data: string) -> result<string, string>;`;
    const functions = `${ECHO} (func (export "plain") ${echoAs(0)})`;
    await host.open(await plugin('r', functions, { routes, wit, tasks: [] }));
    const post = async (body: object): Promise<{ status: number; data: unknown }> => {
      const response = await host.fetch('/plugin', { method: 'POST', body: JSON.stringify(body) });
      const text = await response.text();
      return { status: response.status, data: response.ok ? (JSON.parse(text) as { data: unknown }).data : text };
    };
    const asked = { path: '/r/work', data: { election_event_id: 'E1', a: 1 }, task_execution: 'GENERATE_REPORT' };
    const { data } = await post({ ...asked, generate_document: true });
    const answer = JSON.parse(data as string) as { document_id: string; task_execution: Record<string, unknown> };
    assert.deepInclude(answer.task_execution, {
      election_event_id: 'E1',
      type: 'GENERATE_REPORT',
      execution_status: 'IN_PROGRESS',
    });
    const id = answer.task_execution.id as string;
    const info = await until(host, id, (one) => one?.state === 'complete');
    const input = JSON.parse(info?.results[0]?.value as string) as Record<string, unknown>;
    assert.deepEqual([input.a, input.document_id], [1, answer.document_id]);
    assert.equal((JSON.parse(input.task_execution as string) as { id: string }).id, id);
    assert.deepInclude(await post({ ...asked, path: '/r/plain' }), { status: 200 });
    assert.deepEqual((await post({ path: '/r/work', data: { a: 1 } })).data, { a: 1 });
    assert.equal((await post({ ...asked, task_execution: 'NONSENSE' })).status, 400);
  });
});
