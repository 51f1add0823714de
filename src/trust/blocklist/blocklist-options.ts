// Where the blocklist comes from, as an app gives it.

import { ClocheError } from '../../errors.ts';
import { givenOptions, type KeysOf, wholeNumber } from '../../util/given-options.ts';
import { shown } from '../../util/text/shown.ts';
import type { Publishers } from '../trust.ts';

export interface BlocklistOptions {
  /** Of a list that `docs/trust.md` describes. One of another origin than the page's has to be signed. */
  url: string;
  /** Name of the publisher who signs it, of `trust.publishers`. @default one of the page's origin needs no signature; else any of them */
  publisher?: string;
  /** Ms between two looks at it, while the page is visible. 10,000 and up. @default 300000 */
  everyMs?: number;
}

export interface CheckedBlocklist {
  readonly url: URL;
  readonly publisher: string | undefined;
  readonly everyMs: number;
  /** Whether a list without a signature is believed. */
  readonly mayBeUnsigned: boolean;
}

const KEYS: KeysOf<BlocklistOptions> = { url: true, publisher: true, everyMs: true };
const MOST_MS = 2_147_483_647;

/** @throws {ClocheError} OPTION_INVALID, also where nobody could have signed a list of another origin */
export function checkedBlocklist(given: unknown, publishers: Publishers): CheckedBlocklist {
  const options = givenOptions<BlocklistOptions>('`trust.blocklist`', isText(given) ? { url: given } : given, KEYS);
  const { publisher, everyMs = 300_000 } = options;
  const url = urlOf(options.url);
  if (publisher !== undefined && ![...publishers.values()].includes(publisher)) {
    throw invalid(`Expected its \`publisher\` to be a name of \`trust.publishers\`, got ${shown(publisher)}`);
  }
  const mayBeUnsigned = publisher === undefined && url.origin === globalThis.origin;
  if (!mayBeUnsigned && publishers.size === 0) {
    throw invalid('A blocklist of another origin has to be signed, and `trust.publishers` names nobody who could');
  }
  return { url, publisher, everyMs: wholeNumber('everyMs', everyMs, 10_000, MOST_MS), mayBeUnsigned };
}

function urlOf(given: unknown): URL {
  const base = globalThis.document?.baseURI;
  const url = isText(given) && URL.canParse(given, base) ? new URL(given, base) : undefined;
  if (url && (url.protocol === 'https:' || url.protocol === 'http:')) return url;
  throw invalid(`Expected \`trust.blocklist\` to be the URL of a list, got ${shown(given)}`);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function invalid(message: string): ClocheError {
  return new ClocheError('OPTION_INVALID', message);
}
