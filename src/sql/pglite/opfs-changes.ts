// Changes of databases in the browser's own file system: for the durable placement.

import { ClocheError, messageOf } from '../../errors.ts';
import { blobUrl } from '../../runtime/isolation/script-url.ts';
import { dispose } from '../../util/dispose.ts';
import { within } from '../../util/time/deadline.ts';
import { trustedScriptUrl } from '../../util/trusted-types.ts';
import type { ChangeStore, ChangeStores } from './change-store.ts';
import workerSource from './changes-file.worker.ts?source';
import type { ChangesAnswer, ChangesRequest } from './changes-protocol.ts';
import { FILE_SUFFIXES, HEAD_BYTES, isHead } from './changes-protocol.ts';
import { isDatabaseHeld, lockDatabase } from './database-lock.ts';
import { hearWiped, tellWiped, type WipedNews } from './wiped-news.ts';

/** A disk that takes longer is taken for none, in ms. */
const MOST_MS = 10_000;
/** A worker that was ended lets go of its files a moment later, in ms. */
const RETRY_MS = 3_000;
const PAUSE_MS = 50;
const FOLDER = 'cloche-sql';
/** What engines call a file that somebody has open. */
const HELD: ReadonlySet<string> = new Set([
  'NoModificationAllowedError',
  'InvalidStateError',
  'InvalidModificationError',
]);

export function opfsChanges(storage: string): ChangeStores {
  const folder = async (): Promise<FileSystemDirectoryHandle> => {
    const root = await navigator.storage.getDirectory();
    return (await root.getDirectoryHandle(FOLDER, { create: true })).getDirectoryHandle(storage, { create: true });
  };
  return {
    async open(installation, name, signal) {
      const lock = await lockDatabase(storage, installation, name, signal);
      const news = hearWiped(storage, installation);
      const closed = (): void => {
        news.close();
        lock?.[dispose]();
      };
      try {
        return await OpfsChanges.open([FOLDER, storage, installation], name, news, closed);
      } catch (thrown) {
        closed();
        throw thrown;
      }
    },
    wipe: (installation) =>
      inFiles(async () => {
        const news = tellWiped(storage, installation);
        try {
          await removed(await folder(), installation);
        } finally {
          news.close();
        }
      }),
    size: (installation) =>
      inFiles(async () => {
        // Nothing can have been stored.
        if (!navigator.storage?.getDirectory) return 0;
        const found = await (await folder()).getDirectoryHandle(installation).catch(ignoreMissing);
        let bytes = 0;
        if (found) for await (const handle of found.values()) bytes += await sizeOf(handle);
        return bytes;
      }),
    look: (installation, name) =>
      inFiles(async () => {
        const isHeld = await isDatabaseHeld(storage, installation, name);
        if (!navigator.storage?.getDirectory) return { bytes: 0, isHeld, isDamaged: false };
        const found = await (await folder()).getDirectoryHandle(installation).catch(ignoreMissing);
        const files = await Promise.all(FILE_SUFFIXES.map((suffix) => found && fileIn(found, `${name}.${suffix}`)));
        const written = files.filter((file) => file !== undefined && file.size > 0) as readonly File[];
        const bytes = written.reduce((sum, { size }) => sum + size, 0);
        // What somebody writes meanwhile cannot be read here.
        const isDamaged = !isHeld && !(await Promise.all(written.map(beginsAsWritten))).every(Boolean);
        return { bytes, isHeld, isDamaged };
      }),
  };
}

async function fileIn(folder: FileSystemDirectoryHandle, name: string): Promise<File | undefined> {
  return (await folder.getFileHandle(name).catch(ignoreMissing))?.getFile();
}

async function beginsAsWritten(file: File): Promise<boolean> {
  const head = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  return isHead(head) || head.every((byte) => byte === 0);
}

async function sizeOf(handle: FileSystemHandle): Promise<number> {
  return handle.kind === 'file' ? (await (handle as FileSystemFileHandle).getFile()).size : 0;
}

/** As soon as other tabs have let go of it. */
async function removed(folder: FileSystemDirectoryHandle, installation: string): Promise<void> {
  const end = performance.now() + RETRY_MS;
  for (;;) {
    try {
      await folder.removeEntry(installation, { recursive: true }).catch(ignoreMissing);
      return;
    } catch (thrown) {
      const isHeld = thrown instanceof DOMException && HELD.has(thrown.name);
      if (!isHeld) throw thrown;
      if (performance.now() > end)
        throw new Error('another tab has them open and does not let go: close it, and delete them again', {
          cause: thrown,
        });
      await new Promise((wake) => setTimeout(wake, PAUSE_MS));
    }
  }
}

function ignoreMissing(thrown: unknown): undefined {
  if (thrown instanceof DOMException && thrown.name === 'NotFoundError') return undefined;
  throw thrown;
}

async function inFiles<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw failed(messageOf(cause), cause);
  }
}

class OpfsChanges implements ChangeStore {
  readonly #worker: Worker;
  readonly #news: WipedNews;
  readonly #closed: () => void;
  readonly #asked = new Map<number, (answer: ChangesAnswer) => void>();
  #records: readonly Uint8Array[] = [];
  #nextId = 0;
  #bytes = 0;
  #count = 0;
  #broken: ClocheError | undefined;

  private constructor(news: WipedNews, closed: () => void) {
    this.#news = news;
    this.#closed = closed;
    const url = blobUrl(workerSource);
    this.#worker = new Worker(trustedScriptUrl(url));
    URL.revokeObjectURL(url);
    this.#worker.onmessage = ({ data }: MessageEvent<ChangesAnswer>) => {
      this.#asked.get(data.id)?.(data);
      this.#asked.delete(data.id);
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      const message = event.message || 'its worker did not start; `worker-src` has to allow `blob:`';
      this.#broken = failed(message);
      for (const [id, settle] of this.#asked) settle({ id, ok: false, busy: false, message });
      this.#asked.clear();
    };
  }

  static async open(path: readonly string[], name: string, news: WipedNews, closed: () => void): Promise<OpfsChanges> {
    if (!navigator.storage?.getDirectory) throw failed('this browser has no file system of its own for this page');
    const store = new OpfsChanges(news, closed);
    const end = performance.now() + RETRY_MS;
    try {
      for (;;) {
        const answer = await store.#answerTo({ type: 'OPEN', path, name });
        if (answer.ok) {
          store.#take(answer);
          store.#records = answer.records;
          store.#count = answer.records.length;
          return store;
        }
        if (!answer.busy) throw failed(answer.message);
        if (performance.now() > end) throw new ClocheError('BUSY', `The SQL database "${name}" is open elsewhere`);
        await new Promise((wake) => setTimeout(wake, PAUSE_MS));
      }
    } catch (thrown) {
      store.#worker.terminate();
      throw thrown;
    }
  }

  get bytes(): number {
    return this.#bytes;
  }

  get count(): number {
    return this.#count;
  }

  get wiped(): AbortSignal {
    return this.#news.signal;
  }

  async read(): Promise<readonly Uint8Array[]> {
    const records = this.#records;
    this.#records = [];
    return records;
  }

  async append(records: readonly Uint8Array[]): Promise<void> {
    await this.#done({ type: 'APPEND', records });
    this.#count += records.length;
  }

  async replace(records: readonly Uint8Array[]): Promise<void> {
    await this.#done({ type: 'REPLACE', records });
    this.#count = records.length;
  }

  async close(): Promise<void> {
    try {
      await this.#answerTo({ type: 'CLOSE' });
    } finally {
      this.#worker.terminate();
      this.#closed();
    }
  }

  async #done(request: Request): Promise<void> {
    const answer = await this.#answerTo(request);
    if (!answer.ok) throw failed(answer.message);
    this.#take(answer);
  }

  #take({ bytes }: { readonly bytes: number }): void {
    this.#bytes = bytes;
  }

  async #answerTo(request: Request): Promise<ChangesAnswer> {
    if (this.#broken) throw this.#broken;
    const id = this.#nextId++;
    const { promise, resolve } = Promise.withResolvers<ChangesAnswer>();
    this.#asked.set(id, resolve);
    this.#worker.postMessage({ ...request, id });
    return within(promise, MOST_MS, () => {
      // It may still write what nobody knows of: nothing more is asked of it.
      this.#broken = failed(`its files did not answer within ${MOST_MS} ms`);
      return this.#broken;
    });
  }
}

type Request = ChangesRequest extends infer R ? (R extends ChangesRequest ? Omit<R, 'id'> : never) : never;

function failed(why: string, cause?: unknown): ClocheError {
  return new ClocheError('STORAGE_FAILED', `Files of SQL databases: ${why}`, { cause });
}
