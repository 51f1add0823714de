// Which databases are open: each once, few at a time, those that are idle not for long.

import { ClocheError, messageOf } from '../../errors.ts';
import { dispose } from '../../util/dispose.ts';
import { Timer } from '../../util/time/timer.ts';
import type { DatabaseOf } from '../sql-driver.ts';
import type { ChangeStore } from './change-store.ts';
import { Instances } from './instances.ts';
import { type Keeping, LiveDatabase } from './live-database.ts';
import type { Progress } from './program.ts';

export interface OpenDatabasesDeps extends Keeping {
  /** Told how far loading is, the first time. */
  readonly progress: Progress;
  /** What is stored of one that nobody else has. @throws {ClocheError} BUSY, STORAGE_FAILED */
  storeOf(database: DatabaseOf, signal: AbortSignal): Promise<ChangeStore>;
  note(level: 'warn' | 'error', text: string, database?: DatabaseOf): void;
}

/** Each has some 200 MB. */
const MOST_OPEN = 4;
/** Without a transaction, in ms. */
const IDLE_MS = 30_000;

/** Errors of opening one that say something of what is stored of it. */
const TELLING: ReadonlySet<string> = new Set(['STORAGE_FAILED', 'START_FAILED']);

interface Entry {
  readonly of: DatabaseOf;
  /** Of the call that it is opened for. */
  readonly signal: AbortSignal;
  readonly live: Promise<LiveDatabase>;
  /** Undefined while it opens. */
  database?: LiveDatabase;
  /** Who waits for it, or has it and no transaction yet. */
  waiting: number;
  idle?: Timer;
  usedAt: number;
}

/** One that is open for whoever has this. */
export interface Used extends Disposable {
  readonly database: LiveDatabase;
  /** To be called when a transaction has ended: it may be idle now. */
  rest(): void;
}

export class OpenDatabases {
  readonly #deps: OpenDatabasesDeps;
  /** By installation and name. */
  readonly #open = new Map<string, Entry>();
  /** Closing, so that the next one waits for what is being stored. */
  readonly #closing = new Map<string, Promise<void>>();
  /** Why they could not be opened last: by installation, then by name. */
  readonly #failures = new Map<string, Map<string, ClocheError>>();
  readonly instances: Instances;

  constructor(deps: OpenDatabasesDeps) {
    this.#deps = deps;
    this.instances = new Instances(deps.progress, () => this.#open.size > 0);
  }

  has(of: DatabaseOf): boolean {
    return this.#open.has(keyOf(of));
  }

  /** Whether it can be used at once. */
  isOpen(of: DatabaseOf): boolean {
    return this.#open.get(keyOf(of))?.database?.isAlive === true;
  }

  /** Why it could not be opened last; undefined where it was, or nobody has tried. */
  failureOf({ installation, name }: DatabaseOf): ClocheError | undefined {
    return this.#failures.get(installation)?.get(name);
  }

  /** Opens it, where it is not open. Whoever gets it has it until it is disposed. @throws {ClocheError} */
  async use(of: DatabaseOf, signal: AbortSignal): Promise<Used> {
    const key = keyOf(of);
    for (;;) {
      const closing = this.#closing.get(key);
      if (closing) {
        await closing;
        continue;
      }
      const known = this.#open.get(key);
      if (known?.database?.isAlive === false) {
        await this.#close(key);
        continue;
      }
      // In the same turn, so that nobody else opens it as well.
      const entry = known ?? this.#added(key, of, signal);
      entry.idle?.[dispose]();
      entry.waiting++;
      try {
        const database = await entry.live;
        entry.database = database;
        this.#failures.get(of.installation)?.delete(of.name);
        return { database, rest: () => this.#rest(entry), [dispose]: () => this.#left(entry) };
      } catch (thrown) {
        entry.waiting--;
        this.#noteFailure(of, thrown);
        if (this.#open.get(key) === entry) this.#open.delete(key);
        this.instances.letGo();
        // What ended it was the end of somebody else's call.
        if (!entry.signal.aborted || signal.aborted) throw thrown;
      }
    }
  }

  /** What is stored of one, which is closed for everybody else until the store is. @throws {ClocheError} BUSY, STORAGE_FAILED */
  async takeOut(
    of: DatabaseOf,
    signal: AbortSignal,
  ): Promise<{ readonly store: ChangeStore; giveBack(): Promise<void> }> {
    const key = keyOf(of);
    while (this.#open.has(key) || this.#closing.has(key)) await this.#close(key);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#closing.set(key, promise);
    const giveBack = (): void => {
      this.#closing.delete(key);
      resolve();
    };
    try {
      const store = await this.#deps.storeOf(of, signal);
      this.#failures.get(of.installation)?.delete(of.name);
      return { store, giveBack: () => store.close().finally(giveBack) };
    } catch (thrown) {
      giveBack();
      throw thrown;
    }
  }

  /** Ends all of an installation as they are, and stores nothing more of them. */
  async end(installation: string): Promise<void> {
    this.#failures.delete(installation);
    const entries = [...this.#open].filter(([, { of }]) => of.installation === installation);
    for (const [key, entry] of entries) {
      entry.database?.end(new ClocheError('CLOSED', `What plugin "${entry.of.plugin.id}" has stored was deleted`));
      await this.#close(key);
    }
  }

  /** Stores what is left to be stored, and ends all of them. */
  async close(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((key) => this.#close(key)));
  }

  #noteFailure({ installation, name }: DatabaseOf, thrown: unknown): void {
    if (!(thrown instanceof ClocheError) || !TELLING.has(thrown.code)) return;
    const known = this.#failures.get(installation) ?? new Map<string, ClocheError>();
    this.#failures.set(installation, known.set(name, thrown));
  }

  #added(key: string, of: DatabaseOf, signal: AbortSignal): Entry {
    const live = this.#makeRoom().then(() => this.#opened(of, signal));
    const entry: Entry = { of, signal, live, waiting: 0, usedAt: performance.now() };
    this.#open.set(key, entry);
    return entry;
  }

  async #opened(of: DatabaseOf, signal: AbortSignal): Promise<LiveDatabase> {
    const store = await this.#deps.storeOf(of, signal);
    const { wiped } = store;
    wiped?.addEventListener('abort', () => void this.end(of.installation), { once: true });
    const opening = wiped ? AbortSignal.any([signal, wiped]) : signal;
    try {
      // Another tab may have deleted it while its files were opened, and waits until they are let go of.
      opening.throwIfAborted();
      const snapshot = await this.instances.snapshot();
      const records = await store.read();
      const instance = await this.instances.start(of.name, records.length > 0 ? records : [snapshot], opening);
      const { durable, quotaBytes } = this.#deps;
      const note: Keeping['note'] = (level, text) => this.#deps.note(level, text, of);
      return new LiveDatabase(instance, store, snapshot, { durable, quotaBytes, note });
    } catch (thrown) {
      await store.close();
      throw thrown;
    }
  }

  /** Those that are idle longest go first; what is in use is never closed. */
  async #makeRoom(): Promise<void> {
    // The one that opens is among them when this goes on.
    await undefined;
    const idle = [...this.#open].filter(([, entry]) => isIdle(entry)).sort(([, a], [, b]) => a.usedAt - b.usedAt);
    for (const [key] of idle.slice(0, Math.max(0, this.#open.size - MOST_OPEN))) await this.#close(key);
  }

  #left(entry: Entry): void {
    entry.waiting--;
    this.#rest(entry);
  }

  #rest(entry: Entry): void {
    entry.usedAt = performance.now();
    entry.idle?.[dispose]();
    if (!isIdle(entry)) return;
    const key = keyOf(entry.of);
    entry.idle = new Timer(entry.database?.isAlive ? IDLE_MS : 0, () => {
      if (this.#open.get(key) === entry && isIdle(entry)) void this.#close(key);
    });
  }

  #close(key: string): Promise<void> {
    const entry = this.#open.get(key);
    if (!entry) return this.#closing.get(key) ?? Promise.resolve();
    this.#open.delete(key);
    entry.idle?.[dispose]();
    const closed = this.#closed(entry).finally(() => {
      this.#closing.delete(key);
      this.instances.letGo();
    });
    this.#closing.set(key, closed);
    return closed;
  }

  /** What could not be stored is told to the log: nobody waits for it. */
  async #closed({ of, live }: Entry): Promise<void> {
    // Whoever opens it is told why it could not be opened.
    const database = await live.catch(() => undefined);
    try {
      await database?.close();
    } catch (thrown) {
      this.#deps.note('error', `An SQL database could not be stored: ${messageOf(thrown)}`, of);
    }
  }
}

function isIdle({ database, waiting }: Entry): boolean {
  return waiting === 0 && database?.isIdle === true;
}

function keyOf({ installation, name }: DatabaseOf): string {
  return JSON.stringify([installation, name]);
}
