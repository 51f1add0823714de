// SQL databases in the page: PostgreSQL in workers of an opaque origin. Comes late, with the first that is used.

import { ClocheError, messageOf } from '../../errors.ts';
import { openCell } from '../../runtime/isolation/cell/cell.ts';
import type { WorkerHost } from '../../runtime/isolation/worker-host.ts';
import { dispose } from '../../util/dispose.ts';
import { Timer } from '../../util/time/timer.ts';
import type { DatabaseOf, Replacement, SqlDriver, SqlRules, SqlTransaction } from '../sql-driver.ts';
import { Turns } from '../turns.ts';
import type { ChangeStore, ChangeStores } from './change-store.ts';
import { Instance } from './instance.ts';
import { type Keeping, LiveDatabase } from './live-database.ts';
import { memoryChanges } from './memory-changes.ts';
import { type Progress, program } from './program.ts';

export interface PgliteOptions extends Keeping {
  readonly stores: ChangeStores;
  /** Told how far loading is, the first time. */
  readonly progress: Progress;
  note(level: 'warn' | 'error', text: string, database?: DatabaseOf): void;
}

/** Databases that compute at a time: each is a core, and PostgreSQL knows no other end of a statement than the worker's. */
const MOST_COMPUTING = 2;
/** Each has some 200 MB. */
const MOST_OPEN = 4;
/** Without a transaction, in ms. */
const IDLE_MS = 30_000;
/** Of putting databases in the place of others, in ms. */
const REPLACE_MS = 60_000;
/** Of all files of one, in bytes: they lie in memory. */
const MOST_DATA_BYTES = 256 << 20;

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

/** One that nobody else can open. */
interface TakenOut {
  readonly store: ChangeStore;
  readonly before: readonly Uint8Array[];
  giveBack(): Promise<void>;
}

export class PgliteDriver implements SqlDriver {
  readonly #options: PgliteOptions;
  readonly #computing = new Turns(MOST_COMPUTING);
  readonly #temporary = memoryChanges();
  /** By installation and name. */
  readonly #open = new Map<string, Entry>();
  /** Closing, so that the next one waits for what is being stored. */
  readonly #closing = new Map<string, Promise<void>>();
  #cell: Promise<WorkerHost> | undefined;

  constructor(options: PgliteOptions) {
    this.#options = options;
  }

  claim(databases: number, signal: AbortSignal): Promise<Disposable> {
    return this.#computing.take(databases, signal);
  }

  async begin(of: DatabaseOf, rules: SqlRules): Promise<SqlTransaction> {
    const { entry, database } = await this.#entryOf(of, rules.signal);
    try {
      return new Watched(await database.begin(rules), () => this.#rest(entry));
    } finally {
      this.#left(entry);
    }
  }

  async dump(of: DatabaseOf): Promise<Uint8Array | undefined> {
    if (await this.#isNothing(of)) return undefined;
    const signal = AbortSignal.timeout(IDLE_MS);
    const store = this.#open.has(keyOf(of)) ? undefined : await this.#storeOf(of, signal);
    try {
      if (store && (await store.read()).length === 0) return undefined;
    } finally {
      await store?.close();
    }
    const { entry, database } = await this.#entryOf(of, signal);
    try {
      return await database.whole();
    } finally {
      this.#left(entry);
    }
  }

  async replaceAll(databases: readonly Replacement[], meanwhile: () => Promise<void>): Promise<void> {
    const isNothing = await Promise.all(databases.map(async ({ of, bytes }) => !bytes && this.#isNothing(of)));
    if (isNothing.every(Boolean)) return meanwhile();
    const signal = AbortSignal.timeout(REPLACE_MS);
    for (const { of, bytes } of databases) if (bytes) await this.#tryOut(of, bytes, signal);
    const taken: TakenOut[] = [];
    try {
      for (const { of } of databases) taken.push(await this.#takeOut(of, signal));
      await allOrNothing(
        taken,
        databases.map(({ bytes }) => (bytes ? [bytes] : [])),
        meanwhile,
      );
    } finally {
      // A store that cannot be closed is ended all the same.
      await Promise.allSettled(taken.map((one) => one.giveBack()));
      this.#letGo();
    }
  }

  /** Most plugins have none, and nothing is opened for them. */
  async #isNothing(of: DatabaseOf): Promise<boolean> {
    return !this.#open.has(keyOf(of)) && (await this.size(of.installation)) === 0;
  }

  /** What does not open takes nothing's place. */
  async #tryOut(of: DatabaseOf, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    const { quotaBytes } = this.#options;
    if (bytes.length > quotaBytes) {
      const message = `The SQL database "${of.name}" has ${bytes.length} bytes, and may have ${quotaBytes}`;
      throw new ClocheError('QUOTA_EXCEEDED', message);
    }
    try {
      const instance = await this.#start(of, [bytes], signal);
      instance[dispose]();
    } catch (cause) {
      if (!(cause instanceof ClocheError) || cause.code !== 'START_FAILED') throw cause;
      throw new ClocheError('DATA_INVALID', cause.message, { cause });
    } finally {
      this.#letGo();
    }
  }

  /** Closed for everybody else until it is given back. */
  async #takeOut(of: DatabaseOf, signal: AbortSignal): Promise<TakenOut> {
    const key = keyOf(of);
    while (this.#open.has(key) || this.#closing.has(key)) await this.#close(key);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#closing.set(key, promise);
    const giveBack = (): void => {
      this.#closing.delete(key);
      resolve();
    };
    let store: ChangeStore | undefined;
    try {
      const opened = await this.#storeOf(of, signal);
      store = opened;
      return { store, before: await store.read(), giveBack: () => opened.close().finally(giveBack) };
    } catch (thrown) {
      await store?.close();
      giveBack();
      throw thrown;
    }
  }

  async wipe(installation: string): Promise<void> {
    const entries = [...this.#open].filter(([, { of }]) => of.installation === installation);
    for (const [key, entry] of entries) {
      entry.database?.end(new ClocheError('CLOSED', `What plugin "${entry.of.plugin.id}" has stored was deleted`));
      await this.#close(key);
    }
    await this.#temporary.wipe(installation);
    await this.#options.stores.wipe(installation);
  }

  async size(installation: string): Promise<number> {
    return (await this.#temporary.size(installation)) + (await this.#options.stores.size(installation));
  }

  /** Stores what is left to be stored, and ends all of them; the next that is used opens again. */
  async close(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((key) => this.#close(key)));
  }

  /** Opens it, where it is not open. Whoever gets it has it until {@link #left}. */
  async #entryOf(of: DatabaseOf, signal: AbortSignal): Promise<{ entry: Entry; database: LiveDatabase }> {
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
        return { entry, database };
      } catch (thrown) {
        entry.waiting--;
        if (this.#open.get(key) === entry) this.#open.delete(key);
        this.#letGo();
        // What ended it was the end of somebody else's call.
        if (!entry.signal.aborted || signal.aborted) throw thrown;
      }
    }
  }

  #added(key: string, of: DatabaseOf, signal: AbortSignal): Entry {
    const live = this.#makeRoom().then(() => this.#opened(of, signal));
    const entry: Entry = { of, signal, live, waiting: 0, usedAt: performance.now() };
    this.#open.set(key, entry);
    return entry;
  }

  #left(entry: Entry): void {
    entry.waiting--;
    this.#rest(entry);
  }

  async #opened(of: DatabaseOf, signal: AbortSignal): Promise<LiveDatabase> {
    const store = await this.#storeOf(of, signal);
    try {
      const { snapshot } = await program(this.#options.progress);
      const records = await store.read();
      const instance = await this.#start(of, records.length > 0 ? records : [snapshot], signal);
      const { durable, quotaBytes } = this.#options;
      const note: Keeping['note'] = (level, text) => this.#options.note(level, text, of);
      return new LiveDatabase(instance, store, snapshot, { durable, quotaBytes, note });
    } catch (thrown) {
      await store.close();
      throw thrown;
    }
  }

  async #start({ name }: DatabaseOf, changes: readonly Uint8Array[], signal: AbortSignal): Promise<Instance> {
    this.#cell ??= openCell();
    // Whoever comes next tries again.
    this.#cell.catch(() => {
      this.#cell = undefined;
    });
    const [cell, { wasm, files }] = await Promise.all([this.#cell, program(this.#options.progress)]);
    if (!cell.alive) {
      this.#cell = undefined;
      throw new ClocheError('FRAME_REMOVED', 'The page has removed the frame of its SQL databases');
    }
    return Instance.open(cell, name, { wasm, files, changes, mostDataBytes: MOST_DATA_BYTES }, signal);
  }

  #storeOf({ installation, name, temporary }: DatabaseOf, signal: AbortSignal): Promise<ChangeStore> {
    return (temporary ? this.#temporary : this.#options.stores).open(installation, name, signal);
  }

  /** Those that are idle longest go first; what is in use is never closed. */
  async #makeRoom(): Promise<void> {
    // The one that opens is among them when this goes on.
    await undefined;
    const idle = [...this.#open].filter(([, entry]) => isIdle(entry)).sort(([, a], [, b]) => a.usedAt - b.usedAt);
    for (const [key] of idle.slice(0, Math.max(0, this.#open.size - MOST_OPEN))) await this.#close(key);
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
      this.#letGo();
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
      this.#options.note('error', `An SQL database could not be stored: ${messageOf(thrown)}`, of);
    }
  }

  #letGo(): void {
    if (this.#open.size > 0) return;
    void this.#cell?.then(
      (cell) => {
        if (this.#open.size > 0 || cell.workerCount > 0) return;
        this.#cell = undefined;
        cell[dispose]();
      },
      () => undefined,
    );
  }
}

async function allOrNothing(
  taken: readonly TakenOut[],
  records: readonly (readonly Uint8Array[])[],
  meanwhile: () => Promise<void>,
): Promise<void> {
  const changed: TakenOut[] = [];
  try {
    for (const [index, one] of taken.entries()) {
      changed.push(one);
      await one.store.replace(records[index] ?? []);
    }
    await meanwhile();
  } catch (thrown) {
    const back = await Promise.allSettled(changed.map(({ store, before }) => store.replace(before)));
    if (back.every(({ status }) => status === 'fulfilled')) throw thrown;
    const message = `SQL databases could be neither replaced nor put back: ${messageOf(thrown)}`;
    throw new ClocheError('STORAGE_FAILED', message, { cause: thrown });
  }
}

/** Tells when it has ended. */
class Watched implements SqlTransaction {
  readonly #inner: SqlTransaction;
  readonly #ended: () => void;

  constructor(inner: SqlTransaction, ended: () => void) {
    this.#inner = inner;
    this.#ended = ended;
  }

  get isOpen(): boolean {
    return this.#inner.isOpen;
  }

  execute: SqlTransaction['execute'] = (...given) => this.#telling(this.#inner.execute(...given));
  commit: SqlTransaction['commit'] = (...given) => this.#telling(this.#inner.commit(...given));
  rollback: SqlTransaction['rollback'] = () => this.#telling(this.#inner.rollback());

  async #telling<T>(done: Promise<T>): Promise<T> {
    try {
      return await done;
    } finally {
      if (!this.isOpen) this.#ended();
    }
  }
}

function isIdle({ database, waiting }: Entry): boolean {
  return waiting === 0 && database?.isIdle === true;
}

function keyOf({ installation, name }: DatabaseOf): string {
  return JSON.stringify([installation, name]);
}
