// The transactions of one call: none outlives it.

import { ClocheError, messageOf } from '../errors.ts';
import { CallEnd } from '../runtime/calls/call-end.ts';
import { dispose } from '../util/dispose.ts';
import type { DatabaseOf, SqlDriver, SqlRules, SqlTransaction } from './sql-driver.ts';

export interface CallTransactionsDeps {
  readonly driver: SqlDriver;
  /** How many databases the plugin may use, which it gets at once. */
  readonly databases: number;
  /** Takes a sentence for the log of the plugin. */
  note(text: string): void;
}

const ofCalls = new WeakMap<CallEnd, CallTransactions>();

export class CallTransactions {
  readonly #deps: CallTransactionsDeps;
  /** By the name of the database. */
  readonly #open = new Map<string, SqlTransaction>();
  #claim: Disposable | undefined;
  #isOver = false;

  private constructor(deps: CallTransactionsDeps) {
    this.#deps = deps;
  }

  /**
   * Those of the call that a host function runs for.
   * @param signal that of the host function
   * @returns undefined where there is no such call
   * @throws {ClocheError} ABORTED where it has ended
   */
  static of(signal: AbortSignal, deps: () => CallTransactionsDeps): CallTransactions | undefined {
    const end = CallEnd.of(signal);
    if (!end) return undefined;
    const known = ofCalls.get(end);
    if (known) return known;
    const transactions = new CallTransactions(deps());
    end.add(() => transactions.#end());
    ofCalls.set(end, transactions);
    return transactions;
  }

  /** In the place of the one that is open, which is rolled back. @throws as `SqlDriver.begin` */
  async begin(database: DatabaseOf, rules: SqlRules): Promise<void> {
    const { driver, databases } = this.#deps;
    await this.#claimOf(driver, databases, rules);
    await this.#open.get(database.name)?.rollback();
    this.#open.delete(database.name);
    const transaction = await driver.begin(database, rules);
    // The call may have ended meanwhile, and nobody else would end this one.
    if (this.#isOver) await transaction.rollback();
    else this.#open.set(database.name, transaction);
  }

  async #claimOf(driver: SqlDriver, databases: number, { signal }: SqlRules): Promise<void> {
    if (this.#claim) return;
    const claim = await driver.claim?.(databases, signal);
    // Granted in the very turn in which the call ended, it would be nobody's, and others would wait for it for ever.
    if (this.#isOver || this.#claim) claim?.[dispose]();
    else this.#claim = claim;
    if (this.#isOver) throw new ClocheError('ABORTED', 'The call has ended');
  }

  /** The one that is open on a database. */
  get(name: string): SqlTransaction | undefined {
    const transaction = this.#open.get(name);
    return transaction?.isOpen ? transaction : undefined;
  }

  /** @throws as `SqlTransaction.commit`; undefined where none is open */
  async commit(name: string, rules: SqlRules): Promise<boolean> {
    const transaction = this.get(name);
    if (!transaction) return false;
    this.#open.delete(name);
    await transaction.commit(rules);
    return true;
  }

  async #end(): Promise<void> {
    this.#isOver = true;
    const { note } = this.#deps;
    const left = [...this.#open].filter(([, { isOpen }]) => isOpen);
    this.#open.clear();
    try {
      await Promise.all(
        left.map(async ([name, transaction]) => {
          note(
            `The transaction on \`${name}\` was open when its call ended, and is rolled back: commit it in the same call`,
          );
          await transaction.rollback().catch((thrown: unknown) => note(`\`${name}\`: ${messageOf(thrown)}`));
        }),
      );
    } finally {
      this.#claim?.[dispose]();
    }
  }
}
