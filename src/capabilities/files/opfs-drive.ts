// Files in the origin private file system of the page.
// https://fs.spec.whatwg.org/#origin-private-file-system

import { ClocheError, messageOf } from '../../errors.ts';
import type { Drive } from './drive.ts';

const TOP = 'cloche-files';

/** Whether the engine writes to it from a page: WebKit long did so from workers alone. */
export function hasOpfs(): boolean {
  const { storage } = navigator as { storage?: Partial<StorageManager> };
  return storage?.getDirectory !== undefined && 'createWritable' in FileSystemFileHandle.prototype;
}

/**
 * @param storage the host's
 * @returns undefined where the page may have none
 * @throws {ClocheError} STORAGE_FAILED
 */
export async function openOpfs(storage: string, installation: string): Promise<Drive | undefined> {
  try {
    const top = await navigator.storage.getDirectory();
    return opfsDrive(top, [TOP, storage, installation]);
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === 'SecurityError') return undefined;
    throw failed(thrown);
  }
}

/** @param path of the folder that it has to itself, which is made with the first file */
export function opfsDrive(top: FileSystemDirectoryHandle, path: readonly string[]): Drive {
  const folder = async (create: boolean): Promise<FileSystemDirectoryHandle | undefined> => {
    let at = top;
    for (const name of path) {
      const next = await orMissing(at.getDirectoryHandle(name, { create }));
      if (!next) return undefined;
      at = next;
    }
    return at;
  };
  const put = async (at: FileSystemDirectoryHandle, name: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> => {
    const file = await at.getFileHandle(name, { create: true });
    // Written beside it, and moved to its place by `close`.
    const stream = await file.createWritable();
    await stream.write(bytes);
    await stream.close();
  };
  const attempt = async <T>(run: () => Promise<T>): Promise<T> => {
    try {
      return await run();
    } catch (thrown) {
      throw failed(thrown);
    }
  };
  return {
    names: () =>
      attempt(async () => {
        const names: string[] = [];
        const at = await folder(false);
        if (at) for await (const name of at.keys()) names.push(name);
        return names;
      }),
    read: (name) =>
      attempt(async () => {
        const at = await folder(false);
        const file = at && (await orMissing(at.getFileHandle(name)));
        return file && new Uint8Array(await (await file.getFile()).arrayBuffer());
      }),
    write: (pieces, last, gone) =>
      attempt(async () => {
        const at = (await folder(true)) as FileSystemDirectoryHandle;
        for (const [name, bytes] of pieces) await put(at, name, bytes);
        await put(at, ...last);
        // What stays is deleted when the files are opened next.
        await Promise.allSettled(gone.map((name) => at.removeEntry(name)));
      }),
    wipe: () =>
      attempt(async () => {
        const above = path.slice(0, -1);
        let at: FileSystemDirectoryHandle | undefined = top;
        for (const name of above) at = at && (await orMissing(at.getDirectoryHandle(name)));
        if (at) await orMissing(at.removeEntry(path.at(-1) as string, { recursive: true }));
      }),
  };
}

async function orMissing<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === 'NotFoundError') return undefined;
    throw thrown;
  }
}

function failed(cause: unknown): ClocheError {
  return new ClocheError('STORAGE_FAILED', `Files of a plugin: ${messageOf(cause)}`, { cause });
}
