// What the relay remembers of each call, by caller and idempotency key, durably for a day: that it began, and how it ended.

import type { Database, Statement } from './database.ts';
import type { Transaction } from './functions/relay-function.ts';
import { Problem } from './problem.ts';

export interface CallRef {
  /** Made for this attempt. */
  readonly id: string;
  readonly caller: string;
  readonly key: string;
  /** Of everything that a repeated request has in common with the first. */
  readonly hash: string;
}

export interface Answer {
  /** JSON, byte for byte the same each time. */
  readonly result: string;
  /** It was given before. */
  readonly repeated: boolean;
}

export interface Answers {
  /**
   * The answer of the first time, or undefined when this is the first.
   * @throws {Problem} KEY_REUSED, IN_PROGRESS, OUTCOME_UNKNOWN, UNAVAILABLE
   */
  find(ref: CallRef): Promise<Answer | undefined>;
  /** Writes that something is about to be done, or returns the answer of the first time. Throws as `find` does. */
  begin(ref: CallRef, leftMs: number): Promise<Answer | undefined>;
  /** Does and remembers in one transaction, or returns the answer of the first time. Throws as `find` does. */
  commit(ref: CallRef, transaction: Transaction): Promise<Answer>;
  /** Keeps how it ended. */
  finish(ref: CallRef, result: string): Promise<void>;
  /** Nobody will ever know how it ended. */
  lose(ref: CallRef): Promise<void>;
  /** Nothing was done: the key is free again. */
  forget(ref: CallRef): Promise<void>;
}

interface Settings {
  /** See `RelayConfig`. */
  readonly sharedDatabase: boolean;
  /** Hears what the database said; callers only hear that it failed. */
  report(error: unknown): void;
}

const KEEP_MS = 24 * 3_600_000;
const PRUNE_EVERY_MS = 600_000;
/** How long after its deadline a call of another relay may still be about to end. */
const GRACE_MS = 60_000;

export function createAnswers(database: Database, { sharedDatabase, report }: Settings): Answers {
  const owner = crypto.randomUUID();
  let prunedAt = 0;

  return {
    find,

    begin: (ref, leftMs) =>
      first(ref, async () => {
        await database.batch([...pruning(), insertion(ref, leftMs)], 'write');
        return undefined;
      }),

    commit: (ref, { statements, result }) =>
      first(ref, async () => {
        const done = await database.batch(
          [
            ...pruning(),
            insertion(ref, 0),
            ...statements,
            {
              sql: `UPDATE calls SET state = 'done', result = (${result.sql}) WHERE id = :id RETURNING result`,
              args: { ...result.args, id: ref.id },
            },
          ],
          'write',
        );
        return { result: String(done.at(-1)?.rows[0]?.result), repeated: false };
      }),

    finish: (ref, result) =>
      write({ sql: "UPDATE calls SET state = 'done', result = :result WHERE id = :id", args: { id: ref.id, result } }),
    lose: (ref) => write({ sql: "UPDATE calls SET state = 'unknown' WHERE id = :id", args: { id: ref.id } }),
    forget: (ref) => write({ sql: 'DELETE FROM calls WHERE id = :id', args: { id: ref.id } }),
  };

  /**
   * Writing fails for a key that is there already; the unique index decides, also between relays. So does a lost
   * connection, which may have written: in both cases what stands in the table is what counts.
   */
  async function first<T>(ref: CallRef, writing: () => Promise<T>): Promise<T | Answer> {
    try {
      return await writing();
    } catch (error) {
      const earlier = await find(ref);
      if (earlier !== undefined) return earlier;
      throw unavailable(error);
    }
  }

  async function find({ caller, key, hash }: CallRef): Promise<Answer | undefined> {
    const sql = 'SELECT hash, state, owner, over_at, result FROM calls WHERE caller = :caller AND key = :key';
    const [found] = await database.batch([{ sql, args: { caller, key } }], 'read').catch((error) => {
      throw unavailable(error);
    });
    const row = found?.rows[0];
    if (row === undefined) return undefined;
    if (row.hash !== hash) throw new Problem('key_reused');
    if (row.state === 'done') return { result: String(row.result), repeated: true };
    const elsewhere = sharedDatabase && row.owner !== owner && Date.now() < Number(row.over_at);
    if (row.state === 'begun' && elsewhere) throw new Problem('in_progress', undefined, 1);
    throw new Problem('outcome_unknown');
  }

  function insertion({ id, caller, key, hash }: CallRef, leftMs: number): Statement {
    const now = Date.now();
    return {
      sql: `INSERT INTO calls (id, caller, key, hash, state, owner, begun_at, over_at)
        VALUES (:id, :caller, :key, :hash, 'begun', :owner, :now, :overAt)`,
      args: { id, caller, key, hash, owner, now, overAt: Math.ceil(now + leftMs + GRACE_MS) },
    };
  }

  /** Rides on a write now and then, so that no platform needs a timer for it. */
  function pruning(): Statement[] {
    const now = Date.now();
    if (now - prunedAt < PRUNE_EVERY_MS) return [];
    prunedAt = now;
    return [{ sql: 'DELETE FROM calls WHERE begun_at < :before', args: { before: now - KEEP_MS } }];
  }

  async function write(statement: Statement): Promise<void> {
    await database.batch([statement], 'write');
  }

  function unavailable(error: unknown): Problem {
    report(error);
    return new Problem('unavailable', 'The relay cannot use its database', 1);
  }
}
