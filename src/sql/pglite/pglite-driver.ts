// SQL databases in the page: PostgreSQL in workers of an opaque origin. Comes late, with the first that is used.

import { dispose } from '../../util/dispose.ts';
import type { DatabaseOf, Replacement, SqlDriver, SqlRules, SqlTransaction } from '../sql-driver.ts';
import { Turns } from '../turns.ts';
import type { DatabaseStanding } from '../view/standing.ts';
import type { ChangeStore, ChangeStores } from './change-store.ts';
import { memoryChanges } from './memory-changes.ts';
import { OpenDatabases, type OpenDatabasesDeps } from './open-databases.ts';
import { replaceDatabases } from './replace-databases.ts';

export interface PgliteOptions extends Omit<OpenDatabasesDeps, 'storeOf'> {
  readonly stores: ChangeStores;
}

/** Databases that compute at a time: each is a core, and PostgreSQL knows no other end of a statement than the worker's. */
const MOST_COMPUTING = 2;
/** Of writing down all of one, in ms. */
const DUMP_MS = 30_000;

export class PgliteDriver implements SqlDriver {
  readonly #options: PgliteOptions;
  readonly #computing = new Turns(MOST_COMPUTING);
  readonly #temporary = memoryChanges();
  readonly #open: OpenDatabases;

  constructor(options: PgliteOptions) {
    this.#options = options;
    this.#open = new OpenDatabases({ ...options, storeOf: (of, signal) => this.#storeOf(of, signal) });
  }

  claim(databases: number, signal: AbortSignal): Promise<Disposable> {
    return this.#computing.take(databases, signal);
  }

  async begin(of: DatabaseOf, rules: SqlRules): Promise<SqlTransaction> {
    const used = await this.#open.use(of, rules.signal);
    try {
      return new Watched(await used.database.begin(rules), () => used.rest());
    } finally {
      used[dispose]();
    }
  }

  async dump(of: DatabaseOf): Promise<Uint8Array | undefined> {
    if (await this.#isNothing(of)) return undefined;
    const signal = AbortSignal.timeout(DUMP_MS);
    const store = this.#open.has(of) ? undefined : await this.#storeOf(of, signal);
    try {
      if (store && (await store.read()).length === 0) return undefined;
    } finally {
      await store?.close();
    }
    const used = await this.#open.use(of, signal);
    try {
      return await used.database.whole();
    } finally {
      used[dispose]();
    }
  }

  async replaceAll(databases: readonly Replacement[], meanwhile: () => Promise<void>): Promise<void> {
    const isNothing = await Promise.all(databases.map(async ({ of, bytes }) => !bytes && this.#isNothing(of)));
    if (isNothing.every(Boolean)) return meanwhile();
    return replaceDatabases(this.#open, this.#options.quotaBytes, databases, meanwhile);
  }

  async wipe(installation: string): Promise<void> {
    await this.#open.end(installation);
    await this.#temporary.wipe(installation);
    await this.#options.stores.wipe(installation);
  }

  async size(installation: string): Promise<number> {
    return (await this.#temporary.size(installation)) + (await this.#options.stores.size(installation));
  }

  /** How it stands with one, which nothing is opened for. @throws {ClocheError} STORAGE_FAILED */
  async standing(of: DatabaseOf): Promise<DatabaseStanding> {
    const { installation, name, temporary } = of;
    const stored = await (temporary ? this.#temporary : this.#options.stores).look(installation, name);
    return { ...stored, isOpen: this.#open.isOpen(of), failure: this.#open.failureOf(of) };
  }

  /** Stores what is left to be stored, and ends all of them; the next that is used opens again. */
  close(): Promise<void> {
    return this.#open.close();
  }

  /** Most plugins have none, and nothing is opened for them. */
  async #isNothing(of: DatabaseOf): Promise<boolean> {
    return !this.#open.has(of) && (await this.size(of.installation)) === 0;
  }

  #storeOf({ installation, name, temporary }: DatabaseOf, signal: AbortSignal): Promise<ChangeStore> {
    return (temporary ? this.#temporary : this.#options.stores).open(installation, name, signal);
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
