// Scopes of the form `{ [key]?: string[] }`: only what is on the list, or anything where there is none.

import { ClocheError } from '../errors.ts';
import { visibleText } from '../util/text/visible-text.ts';
import type { ScopeRule } from './capability.ts';

export interface ListRule {
  readonly key: string;
  /** @returns the entry in canonical form, or undefined where it is none */
  entry(text: string): string | undefined;
  /** Whether an entry allows all that another does. @default only where they are the same */
  covers?(granted: string, asked: string): boolean;
  /** One entry, for messages. */
  readonly example: string;
  /** For the consent page; undefined for anything. */
  sentence(list: readonly string[] | undefined): string;
}

const MOST_ENTRIES = 1_000;

export function listScope({ key, entry, example, sentence, covers = Object.is }: ListRule): ScopeRule {
  return {
    parse(value, path) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw invalid(path, `to be an object such as { ${key}: ["${example}"] }`);
      }
      const { [key]: list, ...others } = value as Record<string, unknown>;
      const [unknown] = Object.keys(others);
      if (unknown !== undefined) throw invalid(path, `to hold ${key}, not "${visibleText(unknown, 60)}"`);
      if (list === undefined) return {};
      if (!Array.isArray(list) || list.length > MOST_ENTRIES) {
        throw invalid(`${path}.${key}`, `to be an array of at most ${MOST_ENTRIES} entries`);
      }
      return { [key]: list.map((item, index) => checked(item, `${path}.${key}[${index}]`)) };
    },
    describe: (scope) => [sentence(listIn(scope, key))],
    covers(granted, asked) {
      const [outer, inner] = [listIn(granted, key), listIn(asked, key)];
      return !outer || (inner?.every((item) => outer.some((allowed) => covers(allowed, item))) ?? false);
    },
  };

  function checked(item: unknown, path: string): string {
    const read = typeof item === 'string' ? entry(item) : undefined;
    if (read === undefined) throw invalid(path, `to be an entry such as "${example}"`);
    return read;
  }
}

/** The list in a grant or a policy; undefined where there is no limit. */
export function listIn(scope: unknown, key: string): readonly string[] | undefined {
  if (typeof scope !== 'object' || scope === null) return undefined;
  return (scope as Readonly<Record<string, readonly string[] | undefined>>)[key];
}

function invalid(path: string, expected: string): ClocheError {
  return new ClocheError('OPTION_INVALID', `Expected \`${path}\` ${expected}`);
}
