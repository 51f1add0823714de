// What the functions that a relay serves are called. Known at once, since a module may import them.

export type RelayedName = 'smtp_send' | 'create_comment' | 'scm_create_branch' | 'scm_create_item_link' | 'cli_exec';

/** By capability. */
export const RELAYED: ReadonlyMap<string, readonly RelayedName[]> = new Map<string, readonly RelayedName[]>([
  ['mail', ['smtp_send']],
  ['comments', ['create_comment']],
  ['scm', ['scm_create_branch', 'scm_create_item_link']],
  ['commands', ['cli_exec']],
]);
