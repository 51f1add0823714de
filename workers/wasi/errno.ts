// What functions of WASI preview 1 answer.

export const SUCCESS = 0;
export const EBADF = 8;
export const EFAULT = 21;
export const EINVAL = 28;
export const ENOSYS = 52;
export const ENOTDIR = 54;
export const ENOTSOCK = 57;
export const ENOTSUP = 58;
