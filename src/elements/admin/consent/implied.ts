// What one sentence about a plugin implies of another, so that nothing is said twice. Pure, and told from the names that the core has
// put into them.

import type { Sentence, SentenceForm } from '../../../index.ts';

type Forms = ReadonlySet<SentenceForm | undefined>;

const READS: Forms = new Set(['readAll', 'readAllExcept', 'read', 'readExcept']);
const CHANGES: Forms = new Set(['changeAll', 'changeAllExcept', 'change', 'changeExcept']);

/** Sentences that limit what the ones before them say. */
const LIMITS: Forms = new Set(['hostExcept', 'methods', 'except', 'exceptMail']);

/** Whether it says what may not be done, where the others say what may. */
export function isLimit({ form }: Sentence): boolean {
  return LIMITS.has(form);
}

/** Whether whoever may do the one may do the other anyway. Unsure is no: then both are said. */
export function implies(outer: Sentence, inner: Sentence): boolean {
  if (outer.text === inner.text) return true;
  switch (outer.form) {
    case 'everyHost':
      return (inner.form === 'host' || inner.form === 'hostPattern') && isPlain(inner.names.host);
    case 'hostPattern':
      return (inner.form === 'host' || inner.form === 'hostPattern') && matches(outer.names.host, inner.names.host);
    case 'host':
      return inner.form === 'host' && isBelow(outer.names.host, inner.names.host);
    case 'mailAnybody':
      return inner.form === 'mailTo' || inner.form === 'mailNobody';
    case 'everyCommand':
      return inner.form === 'commands' || inner.form === 'noCommand';
    case 'everyEditorCommand':
      return inner.form === 'editorCommands' || inner.form === 'noEditorCommand';
    case 'clock':
      return inner.form === 'coarseClock';
    case 'wasi':
      return inner.form === 'reducedWasi';
    case 'kv':
      return inner.form === 'kvUpTo';
    case 'everyFile':
      return READS.has(inner.form) || CHANGES.has(inner.form);
    case 'readAll':
      return READS.has(inner.form);
    case 'changeAll':
      return CHANGES.has(inner.form);
    default:
      return false;
  }
}

/** The sentences without those that another one implies; of two that say the same the first stays. */
export function withoutImplied<T>(items: readonly T[], sentenceOf: (item: T) => Sentence): T[] {
  return items.filter((item, at) => {
    const inner = sentenceOf(item);
    return !items.some((other, otherAt) => {
      if (at === otherAt) return false;
      const outer = sentenceOf(other);
      return implies(outer, inner) && (otherAt < at || !implies(inner, outer));
    });
  });
}

/** An entry of `http` as the core writes it: a host or a pattern, with scheme, port and path where it has them. */
interface Entry {
  readonly scheme: string;
  readonly host: string;
  readonly rest: string;
}

function entryIn(text: string): Entry | undefined {
  const [, scheme = '', host, rest = ''] = /^(?:(\w+):\/\/)?([^/]+)(\/.*)?$/.exec(text) ?? [];
  return host === undefined ? undefined : { scheme, host, rest: rest === '/' ? '' : rest };
}

/** By https on its own port, which is what every public host is exchanged with by. */
function isPlain(text: string): boolean {
  const entry = entryIn(text);
  return entry !== undefined && entry.scheme !== 'http' && !entry.host.includes(':');
}

function matches(pattern: string, text: string): boolean {
  const [outer, inner] = [entryIn(pattern), entryIn(text)];
  if (!outer || !inner || outer.rest !== '' || !outer.host.startsWith('*.')) return false;
  return sameScheme(outer, inner) && inner.host.endsWith(outer.host.slice(1)) && !inner.host.startsWith('*.*');
}

function isBelow(outerText: string, innerText: string): boolean {
  const [outer, inner] = [entryIn(outerText), entryIn(innerText)];
  if (!outer || !inner || outer.host !== inner.host || !sameScheme(outer, inner)) return false;
  return outer.rest === '' || inner.rest === outer.rest || inner.rest.startsWith(outer.rest.replace(/\/?$/, '/'));
}

/** An entry without a scheme is of https. */
function sameScheme(outer: Entry, inner: Entry): boolean {
  return (outer.scheme || 'https') === (inner.scheme || 'https');
}
