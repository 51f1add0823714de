// What the audit keeps of the options of an act: names and choices. Values of config may be secret, so they never get here.

import { isPlainObject } from '../util/given-options.ts';
import { visibleText } from '../util/text/visible-text.ts';

type Detail = Record<string, string | readonly string[]>;

const MOST_NAMES = 100;
const MOST_NAME_BYTES = 100;

/** Options that are a word or a switch. */
const CHOICES = ['replace', 'data', 'wipe', 'sha256', 'from', 'missing', 'isolation', 'requireOwnProcess'] as const;
/** Options of which only the keys are told. */
const NAMED = ['config', 'limits'] as const;

export function detailOf(given: object | undefined): Detail {
  const options = (given ?? {}) as Readonly<Record<string, unknown>>;
  const detail: Detail = {};
  for (const name of CHOICES) {
    const value = options[name];
    if (typeof value === 'string' || typeof value === 'boolean') detail[name] = shown(String(value));
  }
  for (const name of NAMED) {
    const value = options[name];
    if (value instanceof Map) detail[name] = [...value.keys()].slice(0, MOST_NAMES).map((key) => shown(String(key)));
    else if (isPlainObject(value)) detail[name] = namesOf(value);
  }
  const { grant } = options;
  if (typeof grant === 'string') detail.grant = shown(grant);
  else if (isPlainObject(grant)) detail.grant = grantedBy(grant);
  return detail;
}

/** Each capability that a grant names; one that is taken away has a minus before it. */
function grantedBy(grant: Readonly<Record<string, unknown>>): string[] {
  const changes = grant['+'];
  const named = isPlainObject(changes) ? changes : grant;
  return namesOf(named).map((name) => (named[name] === false ? `-${name}` : name));
}

function namesOf(value: object): string[] {
  return Object.keys(value).slice(0, MOST_NAMES).map(shown);
}

function shown(text: string): string {
  return visibleText(text, MOST_NAME_BYTES);
}
