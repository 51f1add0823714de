// What the functions that a relay serves are called. Known at once, since a module may import them.

/** By capability. */
export const RELAYED: ReadonlyMap<string, readonly string[]> = new Map([
  ['mail', ['smtp_send']],
  ['comments', ['create_comment']],
  ['scm', ['scm_create_branch', 'scm_create_item_link']],
  ['commands', ['cli_exec']],
]);
