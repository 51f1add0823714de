// What a statement begins with, behind white space and comments: some are not for a transaction that somebody else commits, and some
// wait for data that nobody sends. What a role may do is the database's to decide, which reads all of it.
// https://www.postgresql.org/docs/18/sql-syntax-lexical.html

/** Ends or splits the transaction, which is what `commit` and the end of the call are for. */
const TRANSACTION = new Set(['begin', 'start', 'commit', 'end', 'abort', 'prepare transaction']);
/** Words of two, of which the first begins other statements as well. */
const FIRST_OF_TWO = new Set(['prepare', 'create', 'set', 'reset', 'alter', 'rollback']);
const OTHERS = new Map([
  ['copy', 'files and programs of a server, and streams of data, are not for plugins'],
  ['load', 'libraries are not for plugins'],
  ['create extension', 'extensions are not for plugins'],
  ['alter system', 'settings of the server are not for plugins'],
  ['set role', 'a plugin has one role'],
  ['reset role', 'a plugin has one role'],
]);
const SESSION = /^(?:set|reset) (?:session|local) (?:authorization|role)$/;

/** Why a statement is not run; undefined where the database is asked. */
export function refusalOf(sql: string): string | undefined {
  const words = firstWords(sql, 3);
  const [first = ''] = words;
  const two = FIRST_OF_TWO.has(first) ? words.slice(0, 2).join(' ') : first;
  if (TRANSACTION.has(first) || TRANSACTION.has(two))
    return refused(two, 'a transaction is begun and committed by its functions');
  // Back to a savepoint is no end.
  if (first === 'rollback' && !/^rollback (?:work |transaction )?to$/.test(words.join(' ').replace(/( to) .*$/, '$1')))
    return refused(first, 'a transaction is rolled back when its call ends, or by the next that is begun');
  const why = OTHERS.get(two) ?? OTHERS.get(first);
  if (why !== undefined) return refused(OTHERS.has(two) ? two : first, why);
  return SESSION.test(words.join(' ')) ? refused(words.join(' '), 'a plugin has one role') : undefined;
}

function refused(words: string, why: string): string {
  return `\`${words}\` is not run: ${why}`;
}

/** In lower case. */
function firstWords(sql: string, most: number): string[] {
  const words: string[] = [];
  let at = skipped(sql, 0);
  while (words.length < most) {
    const [word] = /^[A-Za-z_][\w$]*/.exec(sql.slice(at, at + 64)) ?? [];
    if (word === undefined) break;
    words.push(word.toLowerCase());
    at = skipped(sql, at + word.length);
  }
  return words;
}

/** Behind white space, empty statements and comments, of which those of C may lie in each other. */
function skipped(sql: string, start: number): number {
  let at = start;
  for (;;) {
    const from = at;
    while (at < sql.length && /[\s;]/.test(sql[at] ?? '')) at++;
    if (sql.startsWith('--', at)) {
      const end = sql.slice(at).search(/[\n\r]/);
      at = end < 0 ? sql.length : at + end;
    }
    if (sql.startsWith('/*', at)) at = behindComment(sql, at);
    if (at === from) return at;
  }
}

function behindComment(sql: string, start: number): number {
  let depth = 0;
  let at = start;
  while (at < sql.length) {
    if (sql.startsWith('/*', at)) depth++;
    else if (sql.startsWith('*/', at)) depth--;
    else {
      at++;
      continue;
    }
    at += 2;
    if (depth === 0) return at;
  }
  return at;
}
