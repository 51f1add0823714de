// Capability `files`: a virtual file system for plugins, which programs find as the files of WASI preview 1. The page keeps it, in
// the origin private file system where there is one; each installation has its own.

import { storageName } from '../../database/storage-name.ts';
import { FILES_FUNCTION, FILES_NAMESPACE, FILES_PARAMS } from '../../files/host-function.ts';
import { givenOptions } from '../../util/given-options.ts';
import { loadChunk } from '../../util/load-chunk.ts';
import { type Capability, defineCapability } from '../capability.ts';
import type { HostFunction } from '../host-function.ts';
import { filesScope } from '../scopes/files-scope.ts';
import type { FileService } from './file-service.ts';

export interface FilesOptions {
  /** First part of the names that files are stored under; the same as the host's. @default 'cloche' */
  storage?: string;
}

/**
 * Files below `ws0://`, `app://`, `home://` and `config://`, `storageBytes` of them together, and 10,000 files, folders and links.
 * What a call has changed is stored before it settles, all of it or nothing; `docs/wasi.md` says what programs find.
 *
 * Scope: `{ read?, write? }`, see `filesScope`.
 */
export function files(options: FilesOptions = {}): Capability {
  const storage = storageName(givenOptions<FilesOptions>('`files()`', options, { storage: true }).storage);
  let loaded: Promise<FileService> | undefined;
  const load = () => loadChunk(() => import('./file-service.ts'));
  const service = (): Promise<FileService> => {
    loaded ??= load().then(({ FileService }) => new FileService(storage));
    loaded.catch(() => {
      loaded = undefined;
    });
    return loaded;
  };
  const operate: HostFunction = {
    namespace: FILES_NAMESPACE,
    params: FILES_PARAMS,
    result: 'bytes',
    call: async (values, context) => (await service()).operate(values, context),
    failed: async (error) => (await load()).failureOf(error),
  };
  return {
    ...defineCapability({
      name: 'files',
      askedBy: 'manifest',
      functions: {},
      scope: filesScope,
      services: {
        filesData: service,
        files: {
          operate,
          read: async (path, context) => (await service()).read(path, context),
          write: async (path, content, context) => (await service()).write(path, content, context),
        },
      },
      wipe: async (installation) => (await service()).wipe(installation),
      usage: async (installation) => (await service()).usage(installation),
    }),
    functions: new Map([[FILES_FUNCTION, operate]]),
  };
}
