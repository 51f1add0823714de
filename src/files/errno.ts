// What functions of WASI preview 1 answer.
// https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#errno

export const SUCCESS = 0;
export const EACCES = 2;
export const EBADF = 8;
export const EBUSY = 10;
export const EDQUOT = 19;
export const EEXIST = 20;
export const EFAULT = 21;
export const EFBIG = 22;
export const EILSEQ = 25;
export const EINVAL = 28;
export const EIO = 29;
export const EISDIR = 31;
export const ELOOP = 32;
export const EMFILE = 33;
export const EMLINK = 34;
export const ENAMETOOLONG = 37;
export const ENOENT = 44;
export const ENOSYS = 52;
export const ENOTDIR = 54;
export const ENOTEMPTY = 55;
export const ENOTSOCK = 57;
export const ENOTSUP = 58;
export const EPERM = 63;
export const EXDEV = 75;
export const ENOTCAPABLE = 76;

/** Ends an operation on files, of which nothing was done then. */
export class Refused extends Error {
  constructor(readonly errno: number) {
    super(`errno ${errno}`);
  }
}
