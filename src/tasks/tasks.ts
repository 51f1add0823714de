// Tasks of a host: what it runs for long, what others of its pages run, and what became of those before. Comes late, with the first.

import { ClocheError, messageOf } from '../errors.ts';
import type { HostEventTarget, LogEvent, PluginChangeEvent } from '../events.ts';
import type { ExtensionPlugin } from '../extensions/context.ts';
import { CALL_KEYS, type CallOptions, checkedCall } from '../runtime/calls/call-options.ts';
import { asyncDispose, dispose } from '../util/dispose.ts';
import { givenOptions, isPlainObject, type KeysOf } from '../util/given-options.ts';
import { type NewsChannel, openChannel } from '../util/news-channel.ts';
import { holdPageLock, type PageLock } from './page-lock.ts';
import { runTask } from './run-task.ts';
import { StoredTask } from './stored-task.ts';
import { isOfNone, isOver, NO_PROGRESS, type TaskInfo, type TaskRecord, type TaskResult } from './task.ts';
import { TaskHandle } from './task-handle.ts';
import { surplus, TaskStore } from './task-store.ts';
import { progressIn } from './told-progress.ts';

export interface TaskOptions extends CallOptions {
  /** Only of this plugin, by its id. @default of all that have registered it, one after the other */
  plugin?: string;
  /** @internal Its id, where something was told of it before. @default a new one */
  id?: string;
}

type TaskPlugin = ExtensionPlugin & {
  readonly installation: string;
  readonly settings: { readonly temporary: boolean };
};

export interface TaskHost extends HostEventTarget {
  readonly plugins: readonly TaskPlugin[];
}

interface Running {
  record: TaskRecord;
  /** When the call of its current plugin began, among all: a plugin takes one after the other. */
  began: number;
  readonly end: AbortController;
  readonly handle: TaskHandle;
  readonly stored: StoredTask;
  /** Settles when it is over and stored. */
  readonly over: Promise<void>;
}

/** At the same time; others wait. */
const MOST_RUNNING = 4;
const MOST_WAITING = 100;

/** Tells of `taskchange` when any of them changes. */
export class Tasks extends EventTarget implements AsyncDisposable {
  readonly #host: TaskHost;
  readonly #store: TaskStore;
  readonly #page: string = crypto.randomUUID();
  readonly #channel: NewsChannel;
  #lock: PageLock | undefined;
  /** Oldest first. */
  #records = new Map<string, TaskRecord>();
  readonly #own = new Map<string, Running>();
  readonly #waiting: (() => void)[] = [];
  /** Pages whose end is waited for. */
  readonly #listening = new AbortController();
  readonly #watched = new Set<string>();
  #running = 0;
  #calls = 0;
  #closed = false;

  private constructor(host: TaskHost, storage: string) {
    super();
    this.#host = host;
    this.#store = new TaskStore(storage);
    this.#channel = openChannel(`cloche:${storage}-tasks`);
  }

  /** @internal Use `host.tasks()`. @throws {ClocheError} STORAGE_FAILED */
  static async open(host: TaskHost, storage: string): Promise<Tasks> {
    const tasks = new Tasks(host, storage);
    try {
      tasks.#lock = await holdPageLock(storage, tasks.#page);
      await tasks.#read();
      await tasks.#forgetGone();
    } catch (thrown) {
      await tasks[asyncDispose]();
      throw thrown;
    }
    const { signal } = tasks.#listening;
    host.addEventListener('log', tasks.#handleLog, { signal });
    host.addEventListener('pluginchange', tasks.#handlePluginChange, { signal });
    tasks.#channel.onmessage = ({ data }) => tasks.#handleMessage(data);
    return tasks;
  }

  /** All that are known, the newest first. */
  get list(): readonly TaskInfo[] {
    return [...this.#records.values()].reverse().map(infoOf);
  }

  get(id: string): TaskInfo | undefined {
    const record = this.#records.get(id);
    return record && infoOf(record);
  }

  /**
   * @param name as plugins have registered it
   * @param input for the export: text, or what JSON can hold, which a component gets as text
   * @throws {ClocheError} EXPORT_MISSING where no plugin has it; OPTION_INVALID, BUSY for too many, STORAGE_FAILED, CLOSED
   */
  async start(name: string, input?: unknown, given?: TaskOptions): Promise<TaskHandle> {
    if (this.#closed) throw closed();
    const told = checkedCall(givenOptions<TaskOptions>('`task`', given, TASK_KEYS));
    const { plugin: only, id = crypto.randomUUID(), ...options } = told;
    const plugins = pluginsOf(this.#host.plugins, name, only);
    const kept: unknown = typeof input === 'object' && input !== null ? structuredClone(input) : input;
    if (this.#own.size >= MOST_RUNNING + MOST_WAITING) {
      throw new ClocheError(
        'BUSY',
        `${this.#own.size} tasks are under way, which is the limit; wait until one has ended`,
      );
    }
    const record: TaskRecord = {
      id,
      name,
      page: this.#page,
      plugins: plugins.map(({ id }) => id),
      installations: plugins.map(({ installation, settings }) => (settings.temporary ? undefined : installation)),
      state: 'pending',
      progress: NO_PROGRESS,
      createdAt: Date.now(),
      startedAt: undefined,
      endedAt: undefined,
      error: undefined,
      results: [],
    };
    const { promise, resolve, reject } = Promise.withResolvers<readonly TaskResult[]>();
    const { promise: over, resolve: ended } = Promise.withResolvers<void>();
    const end = new AbortController();
    const info = (): TaskInfo => infoOf(task.record);
    const handle = new TaskHandle(record.id, promise, info, () => this.#end(record.id));
    const stored = new StoredTask(
      this.#store,
      () => task.record,
      () => this.#tellOthers(id),
    );
    const task: Running = { record, began: 0, end, handle, stored, over };
    const { signal } = options;
    const abort = (): void => this.#end(record.id);
    this.#own.set(record.id, task);
    try {
      await this.#keep(task, {});
    } catch (thrown) {
      this.#own.delete(record.id);
      ended();
      throw thrown;
    }
    signal?.addEventListener('abort', abort);
    if (signal?.aborted) abort();
    void this.#run(task, plugins, kept, options)
      .then(
        () => resolve(task.record.results),
        (thrown: unknown) => reject(thrown),
      )
      .finally(() => {
        signal?.removeEventListener('abort', abort);
        ended();
      });
    return handle;
  }

  /** Ends it, also where another page of this storage runs it; what is over stays as it is. */
  cancel(id: string): void {
    if (this.#own.has(id)) this.#end(id);
    else if (this.#records.has(id)) this.#channel.postMessage({ cancel: id });
  }

  /** Forgets what is over. @throws {ClocheError} STORAGE_FAILED */
  async clear(): Promise<void> {
    await this.#remove([...this.#records.values()].filter(isOver));
  }

  /** As the host is closed: what runs is interrupted. */
  async [asyncDispose](): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#listening.abort();
    const own = [...this.#own.values()];
    for (const { end } of own) end.abort(closed());
    await Promise.all(own.map(({ over }) => over));
    this.#channel.close();
    this.#lock?.[dispose]();
    this.#store.close();
  }

  #end(id: string): void {
    const task = this.#own.get(id);
    if (!task || isOver(task.record)) return;
    task.end.abort(new ClocheError('ABORTED', `Task \`${task.record.name}\` was cancelled`));
  }

  async #run(task: Running, plugins: readonly ExtensionPlugin[], input: unknown, options: CallOptions): Promise<void> {
    const { signal } = task.end;
    const { name } = task.record;
    let hasTurn = false;
    try {
      hasTurn = await this.#turn(signal);
      signal.throwIfAborted();
      await this.#keep(task, { state: 'running', startedAt: Date.now() });
      const gave = (result: TaskResult): void => {
        const results = [...task.record.results, result];
        const done = results.length / plugins.length;
        this.#change(task, { results, progress: { done, text: '' } });
        task.stored.soon();
      };
      const begins = (): void => {
        task.began = ++this.#calls;
      };
      await runTask({ name, plugins, input, options, signal, begins, gave });
      await this.#over(task, { state: 'complete', progress: { done: 1, text: '' } });
    } catch (thrown) {
      const reason: unknown = signal.aborted ? signal.reason : thrown;
      const error = reason instanceof ClocheError ? reason : new ClocheError('PLUGIN_ERROR', messageOf(reason));
      const { code, message } = error;
      const after = this.#closed
        ? ({ state: 'interrupted' } as const)
        : ({ state: 'failed', error: { code, message } } as const);
      await this.#over(task, after);
      throw error;
    } finally {
      this.#own.delete(task.record.id);
      if (hasTurn) this.#endTurn();
    }
  }

  /** False where it was ended before it had one. */
  #turn(signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return Promise.resolve(false);
    if (this.#running < MOST_RUNNING) {
      this.#running += 1;
      return Promise.resolve(true);
    }
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const take = (): void => resolve(true);
    this.#waiting.push(take);
    signal.addEventListener('abort', () => {
      const at = this.#waiting.indexOf(take);
      if (at < 0) return;
      this.#waiting.splice(at, 1);
      resolve(false);
    });
    return promise;
  }

  /** It goes to the next that waits for one. */
  #endTurn(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#running -= 1;
  }

  async #over(task: Running, changes: Partial<TaskRecord>): Promise<void> {
    try {
      await this.#keep(task, { ...changes, endedAt: Date.now() });
      await this.#remove(surplus([...this.#records.values()].filter(isOver)));
    } catch (thrown) {
      // It is over all the same; the next page takes it for interrupted.
      reportError(thrown);
    }
  }

  /** Changes it here, and in storage. */
  async #keep(task: Running, changes: Partial<TaskRecord>): Promise<void> {
    this.#change(task, changes);
    await task.stored.now();
  }

  #tellOthers(id: string): void {
    if (!this.#closed) this.#channel.postMessage({ changed: id });
  }

  #change(task: Running, changes: Partial<TaskRecord>): void {
    task.record = { ...task.record, ...changes };
    this.#records.set(task.record.id, task.record);
    task.handle.dispatchEvent(new Event('change'));
    this.#tell();
  }

  #tell(): void {
    this.dispatchEvent(new Event('taskchange'));
  }

  /** What is stored; of what runs here this page knows more. */
  async #read(): Promise<void> {
    const stored = await this.#store.list();
    const records = stored.map((record) => this.#own.get(record.id)?.record ?? record);
    this.#records = new Map(records.map((record) => [record.id, record]));
    for (const [id, { record }] of this.#own) if (!this.#records.has(id)) this.#records.set(id, record);
    for (const { page } of records.filter((record) => !isOver(record) && record.page !== this.#page)) this.#watch(page);
    this.#tell();
  }

  /** A plugin may tell how far it is twice a second. */
  async #readOne(id: string): Promise<void> {
    const record = await this.#store.get(id);
    if (this.#closed || this.#own.has(id)) return;
    if (record) this.#records.set(id, record);
    else this.#records.delete(id);
    if (record && !isOver(record)) this.#watch(record.page);
    this.#tell();
  }

  #watch(page: string): void {
    if (this.#watched.has(page)) return;
    this.#watched.add(page);
    this.#lock?.whenEnded(page, () => {
      this.#watched.delete(page);
      this.#interrupt(page).catch(reportError);
    });
  }

  async #interrupt(page: string): Promise<void> {
    for (const record of [...this.#records.values()].filter((one) => one.page === page && !isOver(one))) {
      const isDone = await this.#store.change(record, { state: 'interrupted', endedAt: Date.now() });
      if (isDone) this.#tellOthers(record.id);
    }
    if (!this.#closed) await this.#read();
  }

  /** Of plugins that were uninstalled while nobody looked. */
  async #forgetGone(): Promise<void> {
    const gone = [...this.#records.values()].filter((record) => isOver(record) && isOfNone(record, this.#host.plugins));
    await this.#remove(gone);
  }

  async #remove(records: readonly TaskRecord[]): Promise<void> {
    if (records.length === 0) return;
    await this.#store.remove(records.map(({ id }) => id));
    for (const { id } of records) this.#records.delete(id);
    this.#tellOthers('');
    this.#tell();
  }

  readonly #handleLog = ({ record }: LogEvent): void => {
    if (record.source === 'host') return;
    const progress = progressIn(record.text);
    if (!progress) return;
    // The plugin that runs is the one behind those that have given something, and what has called it first is what it runs.
    const calling = [...this.#own.values()].filter(
      ({ record: { state, plugins, results } }) => state === 'running' && plugins[results.length] === record.plugin,
    );
    const [first] = calling.sort((a, b) => a.began - b.began);
    if (!first) return;
    this.#change(first, { progress });
    first.stored.soon();
  };

  readonly #handlePluginChange = ({ plugin, change }: PluginChangeEvent): void => {
    if (change !== 'uninstalled') return;
    const gone = [...this.#records.values()].filter(({ plugins }) => plugins.every((id) => id === plugin));
    this.#remove(gone.filter(isOver)).catch(reportError);
  };

  /** Any script of the origin may say so, which could as well write what is stored. */
  #handleMessage(data: unknown): void {
    const { changed, cancel } = isPlainObject(data) ? data : {};
    if (typeof cancel === 'string') this.#end(cancel);
    if (typeof changed === 'string') (changed === '' ? this.#read() : this.#readOne(changed)).catch(reportError);
  }
}

const TASK_KEYS: KeysOf<TaskOptions> = { plugin: true, id: true, ...CALL_KEYS };

/** Each once, though a route and a list may name it twice. */
function pluginsOf<P extends ExtensionPlugin>(all: readonly P[], name: string, only: string | undefined): P[] {
  const plugins = all.filter(
    ({ id, contributed }) =>
      (only === undefined || id === only) &&
      contributed.handlers.some(({ use, handler }) => use === 'task' && handler === name),
  );
  if (plugins.length > 0) return plugins;
  const where = only === undefined ? 'any plugin' : `plugin ${only}`;
  throw new ClocheError('EXPORT_MISSING', `Task ${name} not registered by ${where}`);
}

function infoOf({ page: _, installations: __, ...info }: TaskRecord): TaskInfo {
  return Object.freeze(info);
}

function closed(): ClocheError {
  return new ClocheError('CLOSED', 'The host was closed');
}
