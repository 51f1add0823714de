// Components that were made ready to run, in a database: by their hash, by what made them, and by how functions are waited for. What
// is kept too long goes, and is made anew where it is needed.

import type { Database } from '../../database/indexed-db.ts';
import { openDatabase } from '../../database/open-database.ts';
import { dispose } from '../../util/dispose.ts';
import type { Transpiled, TranspileMode } from '../wire/component/transpile.ts';

/** Of the transpiler's package; a test holds it against that. */
export const TRANSPILER_VERSION = '0.15.0';
/** Of what is our own around it: the guard, the form of glue and parts. What an earlier one has made is not run. */
const OWN_VERSION = 2;

/** Each has some 200 kB to 2 MB. */
const MOST_KEPT = 40;

interface Kept {
  readonly usedAt: number;
  readonly glue: string;
  readonly parts: Uint8Array<ArrayBuffer>;
}

export class ComponentCache implements Disposable {
  readonly #database: Database;

  constructor(storage: string) {
    this.#database = openDatabase(storage, `${storage}-components`, 'components');
  }

  /** @throws {ClocheError} STORAGE_FAILED */
  async get(sha256: string, mode: TranspileMode): Promise<Transpiled | undefined> {
    const key = keyOf(sha256, mode);
    return this.#database.transact('readwrite', async (objects) => {
      const kept = await objects.get(key);
      if (!isKept(kept)) return undefined;
      // Once a day is enough to know what is in use.
      if (kept.usedAt < Date.now() - DAY_MS) objects.put({ ...kept, usedAt: Date.now() } satisfies Kept, key);
      return { glue: kept.glue, parts: kept.parts };
    });
  }

  /** @throws {ClocheError} STORAGE_FAILED */
  async put(sha256: string, mode: TranspileMode, { glue, parts }: Transpiled): Promise<void> {
    await this.#database.transact('readwrite', async (objects) => {
      const keys = await objects.keys(ALL);
      const values = keys.length < MOST_KEPT ? [] : await objects.values(ALL);
      const oldest = values
        .map((value, index) => ({ key: keys[index], usedAt: isKept(value) ? value.usedAt : 0 }))
        .sort((a, b) => a.usedAt - b.usedAt)
        .slice(0, Math.max(0, values.length + 1 - MOST_KEPT));
      for (const { key } of oldest) if (key !== undefined) objects.delete(key);
      objects.put({ usedAt: Date.now(), glue, parts } satisfies Kept, keyOf(sha256, mode));
    });
  }

  [dispose](): void {
    this.#database.close();
  }
}

const DAY_MS = 86_400_000;
const ALL = { from: ['component'], to: ['component\0'] } as const;

function keyOf(sha256: string, mode: TranspileMode): readonly string[] {
  return ['component', sha256, TRANSPILER_VERSION, String(OWN_VERSION), mode];
}

function isKept(value: unknown): value is Kept {
  if (typeof value !== 'object' || value === null) return false;
  const { usedAt, glue, parts } = value as Partial<Record<keyof Kept, unknown>>;
  return typeof usedAt === 'number' && typeof glue === 'string' && parts instanceof Uint8Array;
}
