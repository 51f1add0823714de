// The operations on files as they travel: a number each, which never changes its meaning within one version of Cloche.

/** In the order of their numbers. Those without a line of their own here take and give what WASI says. */
export const OPERATIONS = [
  'fd_advise',
  'fd_allocate',
  'fd_close',
  'fd_datasync',
  'fd_fdstat_get',
  'fd_fdstat_set_flags',
  'fd_fdstat_set_rights',
  'fd_filestat_get',
  'fd_filestat_set_size',
  'fd_filestat_set_times',
  // Numbers: the descriptor, the offset, the most bytes. Gives the bytes.
  'fd_pread',
  // Gives the length of the name.
  'fd_prestat_get',
  // Numbers: the descriptor, the room. Gives the name.
  'fd_prestat_dir_name',
  // Numbers: the descriptor, the offset; bytes: what is written. Gives how much was.
  'fd_pwrite',
  // Numbers: the descriptor, the most bytes. Gives the bytes.
  'fd_read',
  // Numbers: the descriptor, the room, the cookie. Gives entries, of which the last may be cut.
  'fd_readdir',
  'fd_renumber',
  // Numbers: the descriptor, the offset, from where. Gives where it is now.
  'fd_seek',
  'fd_sync',
  'fd_tell',
  // Numbers: the descriptor; bytes: what is written. Gives how much was.
  'fd_write',
  'path_create_directory',
  'path_filestat_get',
  'path_filestat_set_times',
  'path_link',
  // Numbers: the folder, lookup flags, open flags, rights, rights to inherit, flags. Gives the descriptor.
  'path_open',
  // Numbers: the folder, the room. Gives as much of the target as has room.
  'path_readlink',
  'path_remove_directory',
  'path_rename',
  'path_symlink',
  'path_unlink_file',
] as const;

export type OperationName = (typeof OPERATIONS)[number];

/** How many numbers each is sent with. */
export const NUMBERS = 6;

/** @param numbers of 64 bits, with a sign or without */
export type Operation = (
  numbers: readonly bigint[],
  one: Uint8Array,
  other: Uint8Array,
) => Uint8Array<ArrayBuffer> | undefined;

/** Those that change nothing but what the session knows. */
export const READ_ONLY: ReadonlySet<OperationName> = new Set<OperationName>([
  'fd_advise',
  'fd_fdstat_get',
  'fd_filestat_get',
  'fd_prestat_get',
  'fd_prestat_dir_name',
  'fd_pread',
  'fd_readdir',
  'fd_tell',
  'path_filestat_get',
  'path_readlink',
]);

/** Those that wait until everything is stored. */
export const SYNCING: ReadonlySet<OperationName> = new Set<OperationName>(['fd_sync', 'fd_datasync']);
