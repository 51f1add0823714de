// The errors of `wasi:filesystem` for those of preview 1, in which files answer here.
// https://github.com/WebAssembly/WASI/blob/main/proposals/filesystem/wit/types.wit

import * as errno from '../../../../src/files/errno.ts';
import { failure, IoError } from '../errors.ts';

const NAMES: ReadonlyMap<number, string> = new Map([
  [errno.EACCES, 'access'],
  [errno.EBADF, 'bad-descriptor'],
  [errno.EBUSY, 'busy'],
  [errno.EDQUOT, 'quota'],
  [errno.EEXIST, 'exist'],
  [errno.EFBIG, 'file-too-large'],
  [errno.EILSEQ, 'illegal-byte-sequence'],
  [errno.EINVAL, 'invalid'],
  [errno.EISDIR, 'is-directory'],
  [errno.ELOOP, 'loop'],
  [errno.EMFILE, 'insufficient-memory'],
  [errno.EMLINK, 'too-many-links'],
  [errno.ENAMETOOLONG, 'name-too-long'],
  [errno.ENOENT, 'no-entry'],
  [errno.ENOTDIR, 'not-directory'],
  [errno.ENOTEMPTY, 'not-empty'],
  [errno.ENOTSUP, 'unsupported'],
  [errno.EPERM, 'not-permitted'],
  [errno.EXDEV, 'cross-device'],
  // What leads out of a folder that is open.
  [errno.ENOTCAPABLE, 'not-permitted'],
]);

/** One that a stream of a file ends with. */
export class FileError extends IoError {
  constructor(readonly code: string) {
    super(`a file: ${code}`);
  }
}

export function nameOf(code: number): string {
  return NAMES.get(code) ?? 'io';
}

export function fileFailure(code: number): Error {
  return failure(nameOf(code));
}
