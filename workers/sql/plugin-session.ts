// Makes the session one of a role that owns the plugin's schema and nothing else, and that no statement can leave.
//
// PGlite runs PostgreSQL as one process of one user, who may do everything: `set role` and `set session authorization` can be taken back
// by any statement, since the server looks at who has logged in. So that is changed as well, in the server's own memory, and
// then tried out: a database in which the way back is open is not used.

import type { PGlite } from '@electric-sql/pglite';

/** The role of the snapshot, see `build/sql-snapshot.ts`. */
export const PLUGIN_ROLE = 'plugin';
const SUPERUSER = 10;

/** Static data of the program lies below this. */
const STATIC_BYTES = 16 << 20;

/** @throws {Error} where the session could be left */
export async function becomePlugin(pg: PGlite): Promise<void> {
  const { rows } = await pg.query<{ oid: number }>('select oid from pg_roles where rolname = $1', [PLUGIN_ROLE]);
  const role = rows[0]?.oid;
  if (role === undefined) throw new Error('the database has no role for plugins');
  await pg.exec(`set session authorization ${PLUGIN_ROLE}`);
  const words = new Uint32Array(pg.Module.HEAPU8.buffer, 0, STATIC_BYTES / 4);
  const places = loginsIn(words, role);
  const [place] = places;
  if (place === undefined || places.length > 1) throw new Error('this build of PostgreSQL keeps its login elsewhere');
  words[place] = role;
  await assertConfined(pg);
}

/**
 * `SessionUserId`, `OuterUserId`, `CurrentUserId`, two words, `AuthenticatedUserId`: as the compiler has laid out
 * https://github.com/postgres/postgres/blob/REL_18_STABLE/src/backend/utils/init/miscinit.c
 */
function loginsIn(words: Uint32Array, role: number): number[] {
  const found: number[] = [];
  for (let at = words.indexOf(role); at >= 0; at = words.indexOf(role, at + 1)) {
    const isLogin = words[at + 1] === role && words[at + 2] === role && words[at + 3] === 0 && words[at + 4] === 0;
    if (isLogin && words[at + 5] === SUPERUSER) found.push(at + 5);
  }
  return found;
}

async function assertConfined(pg: PGlite): Promise<void> {
  for (const way of ['set session authorization postgres', 'set role postgres']) {
    const refused = await pg.exec(way).then(
      () => false,
      () => true,
    );
    if (!refused) throw new Error(`the session of the plugin could be left by \`${way}\``);
  }
  const { rows } = await pg.query<{ super: string }>("select current_setting('is_superuser') as super");
  if (rows[0]?.super !== 'off') throw new Error('the session of the plugin may do everything');
}
