// The one reading of a path: what is checked here is what a host function must open, letter for letter.

import { isInFolder } from '../../files/name-decision.ts';
import { climbs } from '../../util/climbing-path.ts';

const MOST_LENGTH = 4_096;
const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//;

/** What separates elsewhere, ends a string somewhere, or cannot be seen; and halves of surrogate pairs. */
const REFUSED = /[\\\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/**
 * `scheme://a/b` or `/a/b`, without `.`, `..`, doubled and last slashes, in NFC, the scheme in lower case. Undefined for what
 * is no path, and for one that climbs above its root or may do so in the eyes of a reader that decodes more than it should:
 * nobody is to open that.
 */
export function canonicalPath(text: string): string | undefined {
  if (text === '' || text.length > MOST_LENGTH || REFUSED.test(text)) return undefined;
  const scheme = SCHEME.exec(text);
  const root = scheme ? `${scheme[1]?.toLowerCase()}://` : '/';
  const segments: string[] = [];
  for (const segment of text
    .slice(scheme?.[0].length ?? 0)
    .normalize('NFC')
    .split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) return undefined;
  }
  // Dots and slashes behind an escape, as in `%2e%2e%2f`, are not resolved: they are refused.
  return segments.some((segment) => climbs(segment, 'slashes')) ? undefined : root + segments.join('/');
}

export { isInFolder };
