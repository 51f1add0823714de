// The one language of permissions that list names: which are allowed, which are not, and which entry says so.
//
//   disallowAll, disallow, allowAll, allow     in this order, the first that speaks decides; who says nothing is denied
//
// So a grant of all may have exceptions, and an exception cannot be granted away beside it.

import { ClocheError } from '../../errors.ts';
import { decideByRules, type NameRules } from '../../files/name-decision.ts';
import { isPlainObject } from '../../util/given-options.ts';
import { visibleText } from '../../util/text/visible-text.ts';

export type { NameRules };

/**
 * Which rule decided. `unlimited`: there is no scope. `none`: no rule speaks of it, so it is denied. `unreadable`: what was
 * asked for has no canonical form. `methods`: of `http`, the method is none of those allowed. `bytes`: of `kv`, the limit of its size.
 * `mode`: of `clock` and `wasi`.
 */
export type DecidingRule = 'unlimited' | keyof NameRules | 'none' | 'unreadable' | 'methods' | 'bytes' | 'mode';

export interface Decision {
  readonly allowed: boolean;
  readonly rule: DecidingRule;
  /** The entry of the list that matches, in canonical form; undefined where no list decided. */
  readonly entry: string | undefined;
}

/** How names of one kind are read and compared. */
export interface NameKind {
  /** @returns the entry of a list in canonical form, or undefined where it is none */
  entry(text: string): string | undefined;
  /** Whether an entry is meant by, or contains, a name or another entry. Both canonical. @default they are the same */
  covers?(entry: string, name: string): boolean;
  /** Whether something may be in both. @default one of them covers the other */
  overlaps?(entry: string, other: string): boolean;
  /** One entry, for messages. */
  readonly example: string;
}

const MOST_ENTRIES = 1_000;
const RULES = ['disallowAll', 'disallow', 'allowAll', 'allow'] as const;

/** What is granted without a scope: all of it. */
export const UNLIMITED: Decision = { allowed: true, rule: 'unlimited', entry: undefined };

/** What has no canonical form is denied, whatever is granted: two readers may take it for two names. */
export const NO_NAME: Decision = { allowed: false, rule: 'unreadable', entry: undefined };

/**
 * @param given a permission as it came
 * @param others words beside the four, which its reader knows: for the message alone
 * @throws {ClocheError} OPTION_INVALID with the path of the field
 */
export function parseRules(given: unknown, path: string, kind: NameKind, ...others: readonly string[]): NameRules {
  if (!isPlainObject(given)) throw invalid(path, `to be an object such as { allow: ["${kind.example}"] }`);
  const { disallowAll, disallow, allowAll, allow, ...rest } = given;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) {
    throw invalid(path, `to hold ${[...RULES, ...others].join(', ')}, not "${visibleText(unknown, 60)}"`);
  }
  return {
    ...(flag(disallowAll, `${path}.disallowAll`) && { disallowAll: true }),
    ...(disallow !== undefined && { disallow: parseEntries(disallow, `${path}.disallow`, kind) }),
    ...(flag(allowAll, `${path}.allowAll`) && { allowAll: true }),
    ...(allow !== undefined && { allow: parseEntries(allow, `${path}.allow`, kind) }),
  };
}

/** @param isIn whether an entry covers what is asked for */
export const decideBy: (...given: Parameters<typeof decideByRules>) => Decision = decideByRules;

/** Whether `outer` allows all that `inner` does; false also where that cannot be told. */
export function rulesCover(outer: NameRules, inner: NameRules, kind: NameKind): boolean {
  const { covers = Object.is, overlaps = (a: string, b: string) => covers(a, b) || covers(b, a) } = kind;
  const asked = inner.allow ?? [];
  if (inner.disallowAll || (!inner.allowAll && asked.length === 0)) return true;
  if (outer.disallowAll) return false;
  if (!outer.allowAll && (inner.allowAll || !asked.every((entry) => (outer.allow ?? []).some((o) => covers(o, entry)))))
    return false;
  const isKeptOut = (exception: string): boolean =>
    (inner.disallow ?? []).some((entry) => covers(entry, exception)) ||
    (!inner.allowAll && !asked.some((entry) => overlaps(entry, exception)));
  return (outer.disallow ?? []).every(isKeptOut);
}

function flag(value: unknown, path: string): boolean {
  if (value === undefined || typeof value === 'boolean') return value ?? false;
  throw invalid(path, 'to be true or false');
}

/** Reads the list of one rule. @throws {ClocheError} OPTION_INVALID with the path of the entry */
export function parseEntries(value: unknown, path: string, { entry, example }: NameKind): readonly string[] {
  if (!Array.isArray(value) || value.length > MOST_ENTRIES) {
    throw invalid(path, `to be an array of at most ${MOST_ENTRIES} entries`);
  }
  return value.map((item: unknown, index) => {
    const read = typeof item === 'string' ? entry(item) : undefined;
    if (read === undefined) throw invalid(`${path}[${index}]`, `to be an entry such as "${example}"`);
    return read;
  });
}

function invalid(path: string, expected: string): ClocheError {
  return new ClocheError('OPTION_INVALID', `Expected \`${path}\` ${expected}`);
}
