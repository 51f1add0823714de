// `wasi:filesystem`, as the glue takes it.

import type { FileCalls } from '../../../wasi/full/file-calls.ts';
import { Descriptor } from './descriptor.ts';
import { DirectoryEntryStream } from './directory.ts';
import { FileError } from './file-errors.ts';
import { OpenFiles } from './open-files.ts';

type Interface = Readonly<Record<string, unknown>>;

/** @param calls of files that answer at once; undefined for a guest that has none */
export function filesystem(
  calls: FileCalls | undefined,
  crossing: () => void,
): (readonly [name: string, functions: Interface])[] {
  const files = calls && new OpenFiles(calls, crossing);
  const directories = (): [Descriptor, string][] =>
    (files?.preopens() ?? []).map(({ fd, name }) => [
      new Descriptor(files as OpenFiles, fd, { read: true, mutateDirectory: true }, true),
      name,
    ]);
  return [
    ['wasi:filesystem/preopens', { getDirectories: directories }],
    [
      'wasi:filesystem/types',
      {
        Descriptor,
        DirectoryEntryStream,
        filesystemErrorCode: (error: unknown) => (error instanceof FileError ? error.code : undefined),
      },
    ],
  ];
}
