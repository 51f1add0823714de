// What capability `files` does, once a plugin asks for it.

import { memoryDatabase } from '../../database/memory-db.ts';
import { openDatabase } from '../../database/open-database.ts';
import type { ClocheError } from '../../errors.ts';
import { EACCES, EINVAL, EIO, ENOTCAPABLE, SUCCESS } from '../../files/errno.ts';
import type { OperationName } from '../../files/operations.ts';
import { ROOTS } from '../../files/roots.ts';
import { FIRST_DESCRIPTOR } from '../../files/session/descriptors.ts';
import { FD_READ, FD_WRITE } from '../../files/session/rights.ts';
import type { Session } from '../../files/session/session.ts';
import { BEGIN, operationNamed, RENEW, REPLAY } from '../../files/wire.ts';
import { CLOCK_MODES } from '../../runtime/wire/guest-modes.ts';
import type { HostCallContext } from '../host-function.ts';
import { filesScope } from '../scopes/files-scope.ts';
import type { AllFiles, FileAnswer, FilesData, KvOwner } from '../services.ts';
import { readAll } from './all-files.ts';
import { databaseDrive } from './database-drive.ts';
import type { Drive } from './drive.ts';
import { FileStore } from './file-store.ts';
import { KeptFiles } from './kept-files.ts';
import { hasOpfs, openOpfs } from './opfs-drive.ts';

const NOTHING = new Uint8Array();
const CREATE_AND_TRUNCATE = 1n | 8n;
const FOLLOW = 1n;
const MOST_AT_ONCE = BigInt(2 ** 31);

export class FileService implements FilesData {
  readonly #storage: string;
  readonly #kept = new Map<string, Promise<KeptFiles>>();

  constructor(storage: string) {
    this.#storage = storage;
  }

  /** One host call of a worker, see `src/files/wire.ts`. */
  async operate(values: readonly unknown[], context: HostCallContext): Promise<Uint8Array> {
    const [what, ...rest] = values as [number, ...(bigint | Uint8Array)[]];
    const numbers = rest.slice(0, -2) as bigint[];
    const [one = NOTHING, other = NOTHING] = rest.slice(-2) as Uint8Array[];
    const kept = await this.#keptOf(context.plugin);
    if (what === BEGIN) {
      const [wantsCopy, clock] = numbers;
      const mode = CLOCK_MODES[Number(clock)] ?? 'none';
      return kept.begin(parsed(one), { wantsCopy: wantsCopy === 1n, clock: mode }, context);
    }
    if (what === RENEW) return kept.renew(Number(numbers[0]), context);
    if (what === REPLAY) return kept.replay(one, context);
    const name = operationNamed(what);
    return name ? kept.operate(name, numbers, one, other, context) : failure(EINVAL);
  }

  /** The whole of a file. */
  async read(path: string, context: HostCallContext): Promise<FileAnswer<Uint8Array>> {
    const place = placeOf(path);
    if (!place) return elsewhere({ read: path }, context);
    const kept = await this.#keptOf(context.plugin);
    return kept.use(context, (session) =>
      opened(session, place, 0n, FD_READ, (fd) => {
        const answer = run(session, 'fd_read', [fd, MOST_AT_ONCE]);
        return answer.errno === SUCCESS ? { ok: true, value: answer.result } : refusal(answer.errno);
      }),
    );
  }

  /** In the place of what the file held; it is created where it is missing, and its folder is not. */
  async write(path: string, content: Uint8Array, context: HostCallContext): Promise<FileAnswer<undefined>> {
    const place = placeOf(path);
    if (!place) return elsewhere({ write: path }, context);
    const copy = content.slice();
    const kept = await this.#keptOf(context.plugin);
    return kept.use(context, (session) =>
      opened(session, place, CREATE_AND_TRUNCATE, FD_WRITE, (fd) => {
        const { errno } = run(session, 'fd_write', [fd], copy);
        return errno === SUCCESS ? { ok: true, value: undefined } : refusal(errno);
      }),
    );
  }

  async readAll(owner: KvOwner): Promise<AllFiles> {
    return (await this.#keptOf(owner)).forStored(readAll);
  }

  async replaceAll(
    owner: KvOwner,
    files: AllFiles,
    { storageBytes }: { readonly storageBytes: number },
    meanwhile: () => Promise<void>,
  ): Promise<void> {
    await (await this.#keptOf(owner)).replaceAll(files, storageBytes, meanwhile);
  }

  async usage(installation: string): Promise<number> {
    return this.#forHost({ installation, temporary: false }, async (store) => store.budget.bytes);
  }

  async wipe(installation: string): Promise<void> {
    await this.#forHost({ installation, temporary: false }, (store) => store.wipe());
    this.#kept.delete(installation);
  }

  async #forHost<T>(owner: KvOwner, run: (store: FileStore) => Promise<T>): Promise<T> {
    return (await this.#keptOf(owner)).forHost(run);
  }

  #keptOf(owner: KvOwner): Promise<KeptFiles> {
    const { installation } = owner;
    const known = this.#kept.get(installation);
    if (known) return known;
    const kept = this.#open(owner);
    this.#kept.set(installation, kept);
    // Whoever asked is told, and the next one tries again.
    kept.catch(() => this.#kept.delete(installation));
    return kept;
  }

  async #open({ installation, temporary }: KvOwner): Promise<KeptFiles> {
    const name = `${this.#storage}:files:${installation}`;
    const drive = temporary ? databaseDrive(memoryDatabase()) : await openDrive(this.#storage, name, installation);
    return new KeptFiles(new FileStore(drive), temporary ? undefined : `cloche:${name}`);
  }
}

/** In the origin private file system, where the engine and the page have one; else in a database. */
async function openDrive(storage: string, name: string, installation: string): Promise<Drive> {
  const opfs = hasOpfs() ? await openOpfs(storage, installation) : undefined;
  return opfs ?? databaseDrive(openDatabase(storage, name, 'files'));
}

/** A path in one of the roots: the descriptor of that, and what is behind it. */
interface Place {
  readonly folder: bigint;
  readonly below: Uint8Array;
}

function placeOf(path: string): Place | undefined {
  const root = ROOTS.find((one) => path.startsWith(one));
  if (root === undefined) return undefined;
  return {
    folder: BigInt(FIRST_DESCRIPTOR + ROOTS.indexOf(root)),
    below: new TextEncoder().encode(path.slice(root.length)),
  };
}

/** There is nothing, which only those hear who might look there. */
function elsewhere(
  wanted: { read: string } | { write: string },
  { grant, policy }: HostCallContext,
): FileAnswer<never> {
  const isAllowed = [grant, policy].every((scope) => filesScope.decide?.(scope, wanted).allowed);
  return { ok: false, why: isAllowed ? 'missing' : 'denied' };
}

/** Runs something with a file that is open, and closes it. */
function opened<T>(
  session: Session,
  { folder, below }: Place,
  openFlags: bigint,
  rights: bigint,
  use: (fd: bigint) => FileAnswer<T>,
): FileAnswer<T> {
  const { errno, result } = run(session, 'path_open', [folder, FOLLOW, openFlags, rights, 0n, 0n], below);
  if (errno !== SUCCESS) return refusal(errno);
  const fd = BigInt(new DataView(result.buffer, result.byteOffset).getUint32(0, true));
  try {
    return use(fd);
  } finally {
    run(session, 'fd_close', [fd]);
  }
}

function run(
  session: Session,
  name: OperationName,
  numbers: readonly bigint[],
  bytes: Uint8Array = NOTHING,
): { errno: number; result: Uint8Array } {
  const answer = session.run(name, numbers, bytes, NOTHING);
  return { errno: new DataView(answer.buffer).getUint16(0, true), result: answer.slice(2) };
}

function refusal(errno: number): { ok: false; why: 'denied' | 'missing' } {
  return { ok: false, why: errno === EACCES || errno === ENOTCAPABLE ? 'denied' : 'missing' };
}

function failure(errno: number): Uint8Array {
  const answer = new Uint8Array(2);
  new DataView(answer.buffer).setUint16(0, errno, true);
  return answer;
}

/** What a guest hears of what keeps the page from asking the files. */
export function failureOf({ code }: ClocheError): Uint8Array {
  return failure(code === 'PERMISSION_DENIED' ? ENOTCAPABLE : EIO);
}

/** Of a worker, so of any form. */
function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
