// Puts databases in the place of others: all of them, or none.

import { ClocheError, messageOf } from '../../errors.ts';
import { dispose } from '../../util/dispose.ts';
import type { DatabaseOf, Replacement } from '../sql-driver.ts';
import type { ChangeStore } from './change-store.ts';
import type { OpenDatabases } from './open-databases.ts';

/** Of all of it, in ms. */
const REPLACE_MS = 60_000;

/** One that nobody else can open. */
interface TakenOut {
  readonly store: ChangeStore;
  readonly before: readonly Uint8Array[];
  giveBack(): Promise<void>;
}

/** @throws as `SqlDriver.replaceAll` */
export async function replaceDatabases(
  open: OpenDatabases,
  quotaBytes: number,
  databases: readonly Replacement[],
  meanwhile: () => Promise<void>,
): Promise<void> {
  const signal = AbortSignal.timeout(REPLACE_MS);
  for (const { of, bytes } of databases) if (bytes) await tryOut(open, quotaBytes, of, bytes, signal);
  const taken: TakenOut[] = [];
  try {
    for (const { of } of databases) taken.push(await takenOut(open, of, signal));
    await allOrNothing(
      taken,
      databases.map(({ bytes }) => (bytes ? [bytes] : [])),
      meanwhile,
    );
  } finally {
    // A store that cannot be closed is ended all the same.
    await Promise.allSettled(taken.map((one) => one.giveBack()));
    open.instances.letGo();
  }
}

/** What does not open takes nothing's place. */
async function tryOut(
  { instances }: OpenDatabases,
  quotaBytes: number,
  { name }: DatabaseOf,
  bytes: Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  if (bytes.length > quotaBytes) {
    const message = `The SQL database "${name}" has ${bytes.length} bytes, and may have ${quotaBytes}`;
    throw new ClocheError('QUOTA_EXCEEDED', message);
  }
  try {
    const instance = await instances.start(name, [bytes], signal);
    instance[dispose]();
  } catch (cause) {
    if (!(cause instanceof ClocheError) || cause.code !== 'START_FAILED') throw cause;
    throw new ClocheError('DATA_INVALID', cause.message, { cause });
  } finally {
    instances.letGo();
  }
}

async function takenOut(open: OpenDatabases, of: DatabaseOf, signal: AbortSignal): Promise<TakenOut> {
  const { store, giveBack } = await open.takeOut(of, signal);
  try {
    return { store, before: await store.read(), giveBack };
  } catch (thrown) {
    await giveBack();
    throw thrown;
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
