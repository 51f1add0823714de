// Rights of a descriptor, one bit each.
// https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#rights

const bit = (place: number): bigint => 1n << BigInt(place);

export const FD_DATASYNC = bit(0);
export const FD_READ = bit(1);
export const FD_SEEK = bit(2);
export const FD_FDSTAT_SET_FLAGS = bit(3);
export const FD_SYNC = bit(4);
export const FD_TELL = bit(5);
export const FD_WRITE = bit(6);
export const FD_ADVISE = bit(7);
export const FD_ALLOCATE = bit(8);
export const PATH_CREATE_DIRECTORY = bit(9);
export const PATH_CREATE_FILE = bit(10);
export const PATH_LINK_SOURCE = bit(11);
export const PATH_LINK_TARGET = bit(12);
export const PATH_OPEN = bit(13);
export const FD_READDIR = bit(14);
export const PATH_READLINK = bit(15);
export const PATH_RENAME_SOURCE = bit(16);
export const PATH_RENAME_TARGET = bit(17);
export const PATH_FILESTAT_GET = bit(18);
export const PATH_FILESTAT_SET_SIZE = bit(19);
export const PATH_FILESTAT_SET_TIMES = bit(20);
export const FD_FILESTAT_GET = bit(21);
export const FD_FILESTAT_SET_SIZE = bit(22);
export const FD_FILESTAT_SET_TIMES = bit(23);
export const PATH_SYMLINK = bit(24);
export const PATH_REMOVE_DIRECTORY = bit(25);
export const PATH_UNLINK_FILE = bit(26);
export const POLL_FD_READWRITE = bit(27);

/** Of a file. */
export const FILE_RIGHTS =
  FD_DATASYNC |
  FD_READ |
  FD_SEEK |
  FD_FDSTAT_SET_FLAGS |
  FD_SYNC |
  FD_TELL |
  FD_WRITE |
  FD_ADVISE |
  FD_ALLOCATE |
  FD_FILESTAT_GET |
  FD_FILESTAT_SET_SIZE |
  FD_FILESTAT_SET_TIMES |
  POLL_FD_READWRITE;

/** Of a folder. */
export const FOLDER_RIGHTS =
  FD_FDSTAT_SET_FLAGS |
  FD_SYNC |
  PATH_CREATE_DIRECTORY |
  PATH_CREATE_FILE |
  PATH_LINK_SOURCE |
  PATH_LINK_TARGET |
  PATH_OPEN |
  FD_READDIR |
  PATH_READLINK |
  PATH_RENAME_SOURCE |
  PATH_RENAME_TARGET |
  PATH_FILESTAT_GET |
  PATH_FILESTAT_SET_SIZE |
  PATH_FILESTAT_SET_TIMES |
  FD_FILESTAT_GET |
  FD_FILESTAT_SET_TIMES |
  PATH_SYMLINK |
  PATH_REMOVE_DIRECTORY |
  PATH_UNLINK_FILE |
  POLL_FD_READWRITE;

/** What may be opened below a folder can have any of them. */
export const ALL_RIGHTS = FILE_RIGHTS | FOLDER_RIGHTS;
