// SQL databases on a server, by the relay: docs/relay.openapi.yaml. A transaction is held there from call to call, and rolled back when
// nothing is heard of it for ten seconds.

import { ClocheError } from '../../errors.ts';
import type { Relay } from '../../relay/relay.ts';
import { type JsonValue, memberOf } from '../../util/json/json-value.ts';
import { AnswerBudget, MOST_VALUES } from '../answer-budget.ts';
import {
  type DatabaseOf,
  type SqlDriver,
  SqlError,
  type SqlRows,
  type SqlRules,
  type SqlTransaction,
} from '../sql-driver.ts';
import { type UsedDatabases, usedDatabases } from './used-databases.ts';

const CAPABILITY = 'sql';
/** Longer than any call. */
const MOST_MS = 600_000;
/** Of what nobody's call waits for, in ms. */
const OWN_MS = 10_000;
/** Of an answer; more is no request of the protocol. */
const MOST_ANSWER_BYTES = 64 << 20;
/** Quotes and names around what a row has. */
const SHARE = 8;

interface Asking {
  readonly fn: string;
  readonly args: object;
  readonly signal: AbortSignal;
  readonly once: boolean;
  readonly answerBytes?: number;
}

export class RelayDriver implements SqlDriver {
  readonly #relay: Relay;
  readonly #used: UsedDatabases;
  /** Those that are noted, or are of this page alone. */
  readonly #plugins = new Map<string, DatabaseOf['plugin']>();

  constructor(relay: Relay, used: UsedDatabases) {
    this.#relay = relay;
    this.#used = used;
  }

  async begin({ plugin, installation, name, temporary }: DatabaseOf, { signal }: SqlRules): Promise<SqlTransaction> {
    // Before there is anything: who has a database and no note of it would never be asked to delete it.
    if (!temporary && !this.#plugins.has(installation)) await this.#used.note(installation, plugin);
    this.#plugins.set(installation, plugin);
    const args = { installation, database: name, ...(temporary && { temporary }) };
    const answer = await this.#ask(plugin, { fn: 'sql_begin', args, signal, once: false });
    const transaction = memberOf(answer, 'transaction');
    if (transaction?.kind !== 'string') throw unreadable('began no transaction');
    return new RelayTransaction((asked) => this.#ask(plugin, asked), installation, transaction.text);
  }

  async wipe(installation: string): Promise<void> {
    const plugin = await this.#pluginOf(installation);
    if (!plugin) return;
    await this.#askForItself(plugin, 'sql_wipe', installation);
    this.#plugins.delete(installation);
    await this.#used.forget(installation);
  }

  async size(installation: string): Promise<number> {
    const plugin = await this.#pluginOf(installation);
    if (!plugin) return 0;
    const bytes = memberOf(await this.#askForItself(plugin, 'sql_size', installation), 'bytes');
    if (bytes?.kind !== 'number') throw unreadable('told no size');
    return Number(bytes.text);
  }

  /** Whether there may be anything of it on the server. @throws {ClocheError} STORAGE_FAILED */
  async isUsed(installation: string): Promise<boolean> {
    return (await this.#pluginOf(installation)) !== undefined;
  }

  /** What is told and deleted is asked of the relay in the plugin's name; undefined for one that has used no database. */
  async #pluginOf(installation: string): Promise<DatabaseOf['plugin'] | undefined> {
    return this.#plugins.get(installation) ?? (await this.#used.pluginOf(installation));
  }

  #askForItself(plugin: DatabaseOf['plugin'], fn: string, installation: string): Promise<JsonValue> {
    return this.#ask(plugin, { fn, args: { installation }, signal: AbortSignal.timeout(OWN_MS), once: false });
  }

  #ask({ id, version }: DatabaseOf['plugin'], { fn, args, signal, once, answerBytes }: Asking): Promise<JsonValue> {
    return this.#relay.call({
      capability: CAPABILITY,
      fn,
      plugin: { id, version },
      args: JSON.stringify(args),
      once,
      answerBytes,
      read: (result) => result,
      signal,
      remainingMs: MOST_MS,
    });
  }
}

export function relayDriver(relay: Relay, storage: string): RelayDriver {
  return new RelayDriver(relay, usedDatabases(storage));
}

/** A statement that the relay has cut off. Of a commit nobody knows whether it was done. */
class LateError extends ClocheError {}

class RelayTransaction implements SqlTransaction {
  readonly #ask: (asked: Asking) => Promise<JsonValue>;
  readonly #of: { readonly installation: string; readonly transaction: string };
  #isOpen = true;

  constructor(ask: (asked: Asking) => Promise<JsonValue>, installation: string, transaction: string) {
    this.#ask = ask;
    this.#of = { installation, transaction };
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  async execute(sql: string, params: readonly (string | null)[], rules: SqlRules): Promise<SqlRows> {
    const { signal } = rules;
    const mostBytes = Math.min(rules.mostBytes, MOST_ANSWER_BYTES);
    const args = { ...this.#of, sql, params, most_bytes: mostBytes };
    let answer: JsonValue;
    try {
      // A statement that was cut off may have been run, and would be run twice.
      answer = await this.#ask({
        fn: 'sql_execute',
        args,
        signal,
        once: true,
        answerBytes: mostBytes * SHARE + 65_536,
      });
    } catch (thrown) {
      // Nobody knows what became of it, so nothing more is done in this one.
      await this.rollback();
      throw thrown;
    }
    return this.#read(answer, mostBytes);
  }

  async commit(rules: SqlRules): Promise<void> {
    try {
      await this.execute('commit', [], rules);
    } catch (thrown) {
      if (!(thrown instanceof LateError)) throw thrown;
      const message = 'The SQL database did not say in time whether the transaction is committed: read what it has';
      throw new ClocheError('RELAY_FAILED', message, { cause: thrown });
    } finally {
      this.#isOpen = false;
    }
  }

  /** One that is not heard is rolled back by the relay's silence. */
  async rollback(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    const signal = AbortSignal.timeout(OWN_MS);
    await this.#ask({ fn: 'sql_rollback', args: this.#of, signal, once: false }).catch(() => undefined);
  }

  #read(answer: JsonValue, mostBytes: number): SqlRows {
    const refused = memberOf(answer, 'refused');
    if (refused) {
      if (memberOf(answer, 'isOver')?.kind === 'bool' && isTrue(memberOf(answer, 'isOver'))) this.#isOpen = false;
      throw new SqlError(readRefusal(refused));
    }
    const [ended, error] = [memberOf(answer, 'ended'), memberOf(answer, 'error')];
    if (ended || error) this.#isOpen = false;
    if (ended?.kind === 'string' && ended.text === 'large') {
      throw tooLarge(`${mostBytes} bytes`);
    }
    if (ended?.kind === 'string' && ended.text === 'full') {
      throw new ClocheError(
        'QUOTA_EXCEEDED',
        'The SQL database has no more room on its server, and the transaction is rolled back',
      );
    }
    if (ended) throw new LateError('ABORTED', 'What the SQL database was doing took too long, and is rolled back');
    if (error) throw new ClocheError('ABORTED', 'The transaction has ended: nothing was heard of it for too long');
    return readRows(answer, mostBytes);
  }
}

/** The relay has limits of its own: these hold where it keeps none. */
function readRows(answer: JsonValue, mostBytes: number): SqlRows {
  const [columns, rows] = [memberOf(answer, 'columns'), memberOf(answer, 'rows')];
  if (columns?.kind !== 'array' || rows?.kind !== 'array') throw unreadable('gave no rows');
  if (!AnswerBudget.hasRoomFor(rows.items.length, columns.items.length)) throw tooLarge(`${MOST_VALUES} values`);
  const budget = new AnswerBudget(mostBytes);
  return {
    columns: columns.items.map((column) => {
      const [name, type] = [memberOf(column, 'name'), memberOf(column, 'type')];
      if (name?.kind !== 'string' || type?.kind !== 'number') throw unreadable('gave a column without a name or type');
      return { name: name.text, type: Number(type.text) };
    }),
    rows: rows.items.map((row) => {
      if (row.kind !== 'array' || row.items.length !== columns.items.length) throw unreadable('gave what is no row');
      const values = row.items.map((cell) => {
        if (cell.kind !== 'string' && cell.kind !== 'null') throw unreadable('gave a value that is no text');
        return cell.kind === 'string' ? cell.text : null;
      });
      if (!budget.takes(values)) throw tooLarge(`${mostBytes} bytes`);
      return values;
    }),
  };
}

function readRefusal(refused: JsonValue): ConstructorParameters<typeof SqlError>[0] {
  const text = (key: string): string | undefined => {
    const value = memberOf(refused, key);
    return value?.kind === 'string' ? value.text : undefined;
  };
  return {
    severity: text('severity') ?? 'ERROR',
    code: text('code') ?? 'XX000',
    message: text('message') ?? 'unknown error',
    detail: text('detail'),
    hint: text('hint'),
  };
}

function isTrue(value: JsonValue | undefined): boolean {
  return value?.kind === 'bool' && value.is;
}

function tooLarge(what: string): ClocheError {
  return new ClocheError('OUTPUT_TOO_LARGE', `What the SQL database answers is larger than ${what}`);
}

function unreadable(what: string): ClocheError {
  return new ClocheError('RELAY_FAILED', `The relay ${what}`);
}
