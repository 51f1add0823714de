// The files of one installation while it runs: one host call after the other, under a lock that keeps other tabs out from the first of
// a call to its end, when what was done is stored.

import { ClocheError } from '../../errors.ts';
import { type Access, accessBy, type FileRules } from '../../files/access.ts';
import { EBADF, EINVAL, EIO } from '../../files/errno.ts';
import { type OperationName, SYNCING } from '../../files/operations.ts';
import { preopensOf } from '../../files/session/preopens.ts';
import { Session } from '../../files/session/session.ts';
import { writeImage } from '../../files/volume/image.ts';
import { NotLoaded } from '../../files/volume/nodes.ts';
import type { Volume } from '../../files/volume/volume.ts';
import { readOperations } from '../../files/wire.ts';
import { CallEnd } from '../../runtime/calls/call-end.ts';
import type { ClockMode } from '../../runtime/wire/guest-modes.ts';
import { WorkQueue } from '../../util/async/work-queue.ts';
import { dispose } from '../../util/dispose.ts';
import { requestLock, type WebLock } from '../../util/web-lock.ts';
import type { HostCallContext } from '../host-function.ts';
import { canonicalPath } from '../scopes/canonical-path.ts';
import type { AllFiles } from '../services.ts';
import { volumesOf } from './all-files.ts';
import type { FileStore } from './file-store.ts';

/** Files, folders and links that a plugin may keep, as many as it may have keys of `kv`. */
export const MOST_NODES = 10_000;
const MOST_FOLDERS = 64;

/** In ns since 1970. */
const realTime = (): bigint => BigInt(Math.round((performance.timeOrigin + performance.now()) * 1_000)) * 1_000n;
const SECOND = 1_000_000_000n;
/** What a plugin learns of the time by its files is what its clocks tell. */
const NOW: Readonly<Record<ClockMode, () => bigint>> = {
  none: () => 0n,
  coarse: () => (realTime() / SECOND) * SECOND,
  real: realTime,
};

type Rules = Pick<HostCallContext, 'grant' | 'policy' | 'limits'>;

export class KeptFiles {
  readonly #store: FileStore;
  readonly #lockName: string | undefined;
  /** By the instance of the guest. */
  readonly #sessions = new Map<number, Session>();
  #access: Access = accessBy([{}]);
  readonly #queue = new WorkQueue();
  #end: CallEnd | undefined;
  #lock: WebLock | undefined;

  /** @param lockName undefined for what no other tab has */
  constructor(store: FileStore, lockName: string | undefined) {
    this.#store = store;
    this.#lockName = lockName;
  }

  /** A new instance of the guest begins. */
  begin(
    folders: unknown,
    { wantsCopy, clock }: { wantsCopy: boolean; clock: ClockMode },
    context: HostCallContext,
  ): Promise<Uint8Array<ArrayBuffer>> {
    return this.#forCall(context, async () => {
      this.#store.now = NOW[clock];
      const given = foldersOf(folders);
      if (!given) return errno(EINVAL);
      const { id } = context.instance;
      if (!this.#sessions.has(id)) context.instance.onEnd(() => this.#endSession(id));
      this.#sessions.get(id)?.end();
      const { volumes } = this.#store;
      this.#sessions.set(id, new Session(preopensOf(given, volumes, this.#access), this.#now));
      return wantsCopy ? this.#copy(context) : success();
    });
  }

  /** Another copy for a guest that cannot wait, where the one that it has is not of what is stored. */
  renew(number: number, context: HostCallContext): Promise<Uint8Array<ArrayBuffer>> {
    return this.#forCall(context, async () => {
      // What a function of the host has written in the middle of a call counts from now on.
      await this.#store.commit();
      return number === this.#store.number ? success() : this.#copy(context);
    });
  }

  operate(
    name: OperationName,
    numbers: readonly bigint[],
    one: Uint8Array,
    other: Uint8Array,
    context: HostCallContext,
  ): Promise<Uint8Array<ArrayBuffer>> {
    return this.#forCall(context, async () => {
      const session = this.#sessions.get(context.instance.id);
      if (!session) return errno(EBADF);
      const answer = await this.#loading(() => session.run(name, numbers, one, other));
      if (SYNCING.has(name)) await this.#store.commit();
      return answer;
    });
  }

  /**
   * Does again what a guest has done in its copy: all of it, or nothing.
   * @throws {ClocheError} STORAGE_FAILED where it comes to something else, as when the grant is another by now
   */
  replay(operations: Uint8Array, context: HostCallContext): Promise<Uint8Array<ArrayBuffer>> {
    return this.#forCall(context, async () => {
      const session = this.#sessions.get(context.instance.id);
      if (!session) return errno(EBADF);
      try {
        for (const [operation, told] of readOperations(operations)) {
          const answer = await this.#loading(() => session.run(...operation));
          const got = new DataView(answer.buffer).getUint16(0, true);
          if (got === told) continue;
          throw new ClocheError(
            'STORAGE_FAILED',
            `What the plugin did to its files is not kept: \`${operation[0]}\` gave ${told} there, and gives ${got} here`,
          );
        }
      } catch (thrown) {
        await this.#undo();
        if (!(thrown instanceof RangeError)) throw thrown;
        return errno(EIO);
      }
      await this.#store.commit();
      const number = new Float64Array([this.#store.number]);
      return success(new Uint8Array(number.buffer));
    });
  }

  /** For the host, or a function of its own: as a session that may do what `context` says, over folders named by their roots. */
  use<T>(context: HostCallContext, run: (session: Session) => T): Promise<T> {
    return this.#forCall(context, async () => {
      const { volumes } = this.#store;
      const preopens = volumes.map((volume) => ({ name: volume.root, volume, folder: volume.top }));
      const session = new Session(preopens, this.#now);
      try {
        return await this.#loading(() => run(session));
      } finally {
        session.end();
      }
    });
  }

  /** For the host itself, while no call of the plugin has a turn. */
  forHost<T>(run: (store: FileStore) => Promise<T>): Promise<T> {
    return this.#queue.add(async () => {
      await this.#refresh();
      return run(this.#store);
    });
  }

  /** As {@link forHost}, with what is stored alone: what a call that runs here has not stored yet is not in it. */
  forStored<T>(run: (store: FileStore) => Promise<T>): Promise<T> {
    return this.#queue.add(async () => {
      // A call that runs here has the lock, and stores nothing meanwhile: it would take its turn.
      const isFree = !this.#lock && this.#lockName !== undefined;
      const lock = isFree ? await requestLock(this.#lockName, { signal: new AbortController().signal }) : undefined;
      try {
        const store = this.#store.aside();
        await store.refresh();
        return await run(store);
      } finally {
        lock?.[dispose]();
      }
    });
  }

  /** Puts other files in the place of all of them; see `FilesData`. */
  replaceAll(files: AllFiles, bytes: number, meanwhile: () => Promise<void>): Promise<void> {
    return this.forStored(async (store) => {
      const { volumes, budget } = volumesOf(files, { bytes, nodes: MOST_NODES }, store.now);
      const isEmpty = (all: readonly Volume[]): boolean => all.every(({ nodes }) => nodes.size === 1);
      if (isEmpty(volumes) && isEmpty(store.volumes)) return meanwhile();
      store.put(volumes, budget);
      await store.commit(meanwhile);
      await this.#undo();
    });
  }

  /** That of the latest host call: a grant that was revoked does not count any more. */
  readonly #now: Access = {
    may: (way, path) => canonicalPath(path) === path && this.#access.may(way, path),
    leads: (path) => this.#access.leads(path),
  };

  /** What belongs to no call is stored at once. */
  #forCall<T>(context: HostCallContext, run: () => Promise<T>): Promise<T> {
    return this.#queue.add(async () => {
      const { signal } = context;
      signal.throwIfAborted();
      const end = CallEnd.of(signal);
      if (!end || end !== this.#end) await this.#beginCall(end, signal);
      this.#govern(context);
      try {
        return await run();
      } finally {
        if (!end) await this.#finish();
      }
    });
  }

  async #beginCall(end: CallEnd | undefined, signal: AbortSignal): Promise<void> {
    this.#lock ??= this.#lockName === undefined ? undefined : await requestLock(this.#lockName, { signal });
    try {
      end?.add(this.#settle);
      this.#end = end;
      await this.#refresh();
    } catch (thrown) {
      if (!this.#end) this.#release();
      throw thrown;
    }
  }

  #govern({ grant, policy, limits }: Rules): void {
    this.#access = accessBy(scopesOf({ grant, policy }));
    this.#store.budget.quota = { bytes: limits.storageBytes, nodes: MOST_NODES };
  }

  async #refresh(): Promise<void> {
    const moved = await this.#store.refresh();
    if (moved) for (const session of this.#sessions.values()) session.moveTo(moved);
  }

  /** Bytes that are only stored are read when they are needed, and then all begins anew: nothing was done. */
  async #loading<T>(run: () => T): Promise<T> {
    for (;;) {
      try {
        return run();
      } catch (thrown) {
        if (!(thrown instanceof NotLoaded)) throw thrown;
        await this.#store.load(thrown.file);
      }
    }
  }

  async #copy(context: HostCallContext): Promise<Uint8Array<ArrayBuffer>> {
    const { volumes } = this.#store;
    return success(await this.#loading(() => writeImage(volumes, scopesOf(context), this.#store)));
  }

  async #undo(): Promise<void> {
    this.#store.forget();
    await this.#refresh();
  }

  /** At the end of each call that asked for files. */
  readonly #settle = (): Promise<void> => this.#queue.add(() => this.#finish());

  async #finish(): Promise<void> {
    this.#end = undefined;
    try {
      await this.#store.commit();
    } finally {
      this.#release();
    }
  }

  #release(): void {
    this.#lock?.[dispose]();
    this.#lock = undefined;
  }

  #endSession(id: number): void {
    this.#sessions.get(id)?.end();
    this.#sessions.delete(id);
  }
}

function scopesOf({ grant, policy }: Omit<Rules, 'limits'>): (FileRules | undefined)[] {
  return [grant, policy] as (FileRules | undefined)[];
}

/** As a worker says, so of any form. */
function foldersOf(given: unknown): [string, string][] | undefined {
  if (!Array.isArray(given) || given.length > MOST_FOLDERS) return undefined;
  const folders = given.map((one: unknown): unknown[] => (Array.isArray(one) ? one : []));
  return folders.every(([path, name]) => typeof path === 'string' && typeof name === 'string')
    ? (folders as [string, string][])
    : undefined;
}

function success(result: Uint8Array = new Uint8Array()): Uint8Array<ArrayBuffer> {
  const answer = new Uint8Array(2 + result.length);
  answer.set(result, 2);
  return answer;
}

function errno(code: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(2);
  new DataView(bytes.buffer).setUint16(0, code, true);
  return bytes;
}
