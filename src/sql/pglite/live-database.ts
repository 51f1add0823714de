// One database that is open: its worker, what is stored of it, and the transaction on it.
//
// A commit is made in the worker first, and what it has changed comes back as a record. Where commits are durable that is stored before
// anybody hears of it; else soon after. Nothing but these records is ever stored, so a worker that was ended, or still computes, has no
// part in what the next one finds.

import { ClocheError, messageOf } from '../../errors.ts';
import { dispose } from '../../util/dispose.ts';
import { Timer } from '../../util/time/timer.ts';
import type { SqlRows, SqlRules, SqlTransaction } from '../sql-driver.ts';
import { Turns } from '../turns.ts';
import type { ChangeStore } from './change-store.ts';
import type { Instance } from './instance.ts';

export interface Keeping {
  /** Whether a commit is stored before it is acknowledged. */
  readonly durable: boolean;
  /** Of what is stored of one database, in bytes. */
  readonly quotaBytes: number;
  /** Takes a sentence for the log of the plugin. */
  note(level: 'warn' | 'error', text: string): void;
}

/** After a commit, in ms: as long as what it has written may be in memory alone. */
const STORED_AFTER_MS = 500;
/** Records behind the first are gone through at each start, so beyond this they are made one. */
const MOST_RECORD_BYTES = 8 << 20;
/** By these words a transaction asks to be stored before it is acknowledged. */
const ASKS = "select current_setting('cloche.durable', true)";

export class LiveDatabase {
  readonly #instance: Instance;
  readonly #store: ChangeStore;
  readonly #first: Uint8Array;
  readonly #keeping: Keeping;
  readonly #turns = new Turns(1);
  /** What is being stored, one after the other. */
  #storing: Promise<void> = Promise.resolve();
  #later: Timer | undefined;
  #baseBytes: number;
  #using = 0;

  /** @param first what it was started from, where nothing is stored yet */
  constructor(instance: Instance, store: ChangeStore, first: Uint8Array, keeping: Keeping) {
    this.#instance = instance;
    this.#store = store;
    this.#first = first;
    this.#keeping = keeping;
    this.#baseBytes = store.count > 0 ? store.bytes : first.length;
  }

  get isAlive(): boolean {
    return this.#instance.isAlive;
  }

  /** Whether nobody has or wants a transaction. */
  get isIdle(): boolean {
    return this.#using === 0;
  }

  async begin(rules: SqlRules): Promise<SqlTransaction> {
    this.#using++;
    let turn: Disposable | undefined;
    const over = (): void => {
      turn?.[dispose]();
      this.#using--;
    };
    try {
      turn = await this.#turns.take(1, rules.signal);
      // Before anything runs that whoever asks may give up: what ends with it would take the last commits along.
      if (rules.settled) await this.#stored();
      await this.#run('begin', rules);
      return new PgliteTransaction(this, over);
    } catch (thrown) {
      over();
      throw thrown;
    }
  }

  /** @internal @throws {SqlError} @throws {ClocheError} it has ended then */
  async execute(sql: string, params: readonly (string | null)[], rules: SqlRules) {
    return this.#instance.run(sql, params, rules);
  }

  /** @internal @throws as {@link execute} */
  async commit(rules: SqlRules): Promise<void> {
    const isStored = this.#keeping.durable || (await this.#run(ASKS, rules)).rows[0]?.[0] === 'on';
    const { tag } = await this.#run('commit', rules);
    if (tag !== 'COMMIT') throw new CommitRefused();
    if (isStored) await this.#stored();
    else this.#later ??= new Timer(STORED_AFTER_MS, () => void this.#storeLater());
  }

  /** @internal Ends what is open, and what the next transaction would find of it in its session. Never rejects. */
  async reset(): Promise<void> {
    // It has ended by itself, or somebody has ended it.
    if (!this.isAlive) return;
    try {
      const rules: SqlRules = { signal: AbortSignal.timeout(RESET_MS), mostBytes: 65_536 };
      // One that has failed takes nothing else.
      await this.#run('rollback', rules);
      await this.#run('discard all', rules);
    } catch (thrown) {
      const message = `The SQL database could not end a transaction: ${messageOf(thrown)}`;
      this.end(new ClocheError('ABORTED', message, { cause: thrown }));
    }
  }

  /** All of it, as one record. @throws {ClocheError} */
  async whole(): Promise<Uint8Array> {
    // Nobody takes its place meanwhile.
    this.#using++;
    try {
      await this.#stored();
      return await this.#takeWhole();
    } finally {
      this.#using--;
    }
  }

  /** Stores what is left to be stored, and ends it. @throws {ClocheError} STORAGE_FAILED, QUOTA_EXCEEDED */
  async close(): Promise<void> {
    try {
      if (this.isAlive) await this.#stored();
      if (this.isAlive && this.#isScattered) await this.whole();
    } finally {
      this.#later?.[dispose]();
      this.#instance[dispose]();
      await this.#storing;
      await this.#store.close();
    }
  }

  /** Ends it as it is. */
  end(error: ClocheError): ClocheError {
    return this.#instance.end(error);
  }

  /** Later records count from here. */
  async #takeWhole(): Promise<Uint8Array> {
    let record: Uint8Array | undefined;
    await this.#inTurn(async () => {
      record = await this.#instance.take(true);
      if (record) await this.#replace(record);
    });
    if (record) return record;
    throw this.end(new ClocheError('PROTOCOL_VIOLATION', 'The SQL database gave nothing for all of it'));
  }

  get #isScattered(): boolean {
    return this.#store.bytes - this.#baseBytes > MOST_RECORD_BYTES;
  }

  async #run(sql: string, rules: SqlRules) {
    const outcome = await this.#instance.run(sql, [], rules);
    if ('error' in outcome) throw outcome.error;
    return outcome.result;
  }

  async #storeLater(): Promise<void> {
    this.#later = undefined;
    try {
      await this.#stored();
    } catch (thrown) {
      this.#keeping.note('error', `Commits of the last moment are lost: ${messageOf(thrown)}`);
    }
  }

  /** Whatever has changed is stored when it resolves, or the database has ended as it was stored last. */
  #stored(): Promise<void> {
    return this.#inTurn(async () => {
      const record = await this.#instance.take(false);
      if (record) await this.#append(record);
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#storing.then(work);
    this.#storing = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }

  async #append(record: Uint8Array): Promise<void> {
    const isFirst = this.#store.count === 0;
    const records = isFirst ? [this.#first, record] : [record];
    const bytes = this.#store.bytes + records.reduce((sum, { length }) => sum + length, 0);
    if (bytes > this.#keeping.quotaBytes || bytes - this.#baseBytes > 2 * MOST_RECORD_BYTES) {
      const whole = await this.#instance.take(true);
      if (whole) return this.#replace(whole);
    }
    await this.#keep(() => this.#store.append(records));
  }

  async #replace(record: Uint8Array): Promise<void> {
    const { quotaBytes } = this.#keeping;
    if (record.length > quotaBytes) {
      const message = `The SQL database has ${record.length} bytes, and may have ${quotaBytes}`;
      throw this.end(new ClocheError('QUOTA_EXCEEDED', message));
    }
    await this.#keep(() => this.#store.replace([record]));
    this.#baseBytes = record.length;
  }

  /** What is not stored must not be built upon. */
  async #keep(store: () => Promise<void>): Promise<void> {
    try {
      await store();
    } catch (cause) {
      const message = `The SQL database could not be stored, and is as it was stored last: ${messageOf(cause)}`;
      throw this.end(new ClocheError('STORAGE_FAILED', message, { cause }));
    }
  }
}

/** A failed transaction is rolled back by its commit, which the database calls a success. */
export class CommitRefused extends Error {
  constructor() {
    super('ERROR: current transaction is aborted, and was rolled back');
  }
}

/** Nobody's call waits for it, and nothing takes long that runs so; in ms. */
const RESET_MS = 30_000;

class PgliteTransaction implements SqlTransaction {
  readonly #database: LiveDatabase;
  readonly #over: () => void;
  #isOpen = true;

  constructor(database: LiveDatabase, over: () => void) {
    this.#database = database;
    this.#over = over;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  async execute(sql: string, params: readonly (string | null)[], rules: SqlRules): Promise<SqlRows> {
    try {
      const outcome = await this.#database.execute(sql, params, rules);
      if (!('error' in outcome)) return outcome.result;
      if (outcome.isOver) await this.#end();
      throw outcome.error;
    } catch (thrown) {
      if (!this.#database.isAlive) this.#settle();
      throw thrown;
    }
  }

  async commit(rules: SqlRules): Promise<void> {
    try {
      await this.#database.commit(rules);
    } finally {
      await this.#end();
    }
  }

  async rollback(): Promise<void> {
    await this.#end();
  }

  async #end(): Promise<void> {
    if (!this.#isOpen) return;
    await this.#database.reset();
    this.#settle();
  }

  #settle(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#over();
  }
}
