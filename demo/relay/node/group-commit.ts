// Puts the writes that wait at one moment into one transaction of a file, so that two hundred calls at once wait for one
// flush of the disk and not for two hundred. Each still happens as a whole or not at all.

import type { OpenDatabase, Rows, Statement } from '../database.ts';

interface Waiting {
  readonly statements: Statement[];
  resolve(rows: Rows[]): void;
  reject(error: unknown): void;
}

/** Longer transactions would keep other work of the process waiting. */
const MOST_STATEMENTS = 400;

export function groupCommits(database: OpenDatabase): OpenDatabase {
  let waiting: Waiting[] = [];
  let busy = false;

  return {
    batch(statements, mode) {
      if (mode === 'read') return database.batch(statements, mode);
      return new Promise((resolve, reject) => {
        waiting.push({ statements, resolve, reject });
        if (!busy) {
          busy = true;
          setImmediate(writeAll);
        }
      });
    },
    close: () => database.close(),
  };

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      await write(takeGroup());
      // What has come in meanwhile is read first, and joins the next group.
      await new Promise((resolve) => setImmediate(resolve));
    }
    busy = false;
  }

  function takeGroup(): Waiting[] {
    let statements = 0;
    const past = waiting.findIndex((one) => {
      statements += one.statements.length;
      return statements > MOST_STATEMENTS;
    });
    const group = waiting.slice(0, past === -1 ? undefined : Math.max(1, past));
    waiting = waiting.slice(group.length);
    return group;
  }

  /** One that fails takes its whole group back with it, so each is tried alone then. A lock that stays concerns them all. */
  async function write(group: readonly Waiting[]): Promise<void> {
    try {
      const rows = await database.batch(
        group.flatMap((one) => one.statements),
        'write',
      );
      let at = 0;
      for (const { statements, resolve } of group) {
        resolve(rows.slice(at, at + statements.length));
        at += statements.length;
      }
    } catch (error) {
      const alone = group.length === 1 || (error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY');
      for (const one of group) await (alone ? one.reject(error) : write([one]));
    }
  }
}
