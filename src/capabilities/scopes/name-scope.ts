// Scopes of permissions that list names: commands, recipients, and whatever an app wants to list.

import { ClocheError } from '../../errors.ts';
import { givenOptions, isPlainObject, type KeysOf } from '../../util/given-options.ts';
import { visibleText } from '../../util/text/visible-text.ts';
import type { ScopeRule } from '../capability.ts';
import { type Sentence, sentence } from '../sentences.ts';
import {
  decideBy,
  type NameKind,
  type NameRules,
  NO_NAME,
  parseEntries,
  parseRules,
  rulesCover,
  UNLIMITED,
} from './name-rules.ts';

export interface NameScopeOptions extends Partial<NameKind> {
  /** What `plugin.explain` calls a name of this kind. @default 'name' */
  readonly subject?: string;
  /** How a name that is asked about is read; undefined where it is none. @default as an entry of a list */
  name?(text: string): string | undefined;
  /** Another word for `allow`. @default none */
  readonly alias?: string;
  /** What may be done with names, for the consent page: `list` of those that are meant; undefined for all. */
  sentence(list: readonly string[] | undefined): string | Sentence;
  /** What is left out of that. */
  except?(list: readonly string[]): Sentence;
}

/** As long as a name may be; it also bounds every comparison. */
const MOST_LENGTH = 1_000;
const KEYS: KeysOf<NameScopeOptions> = {
  subject: true,
  name: true,
  alias: true,
  sentence: true,
  except: true,
  entry: true,
  covers: true,
  overlaps: true,
  example: true,
};

/**
 * The rule for `{ disallowAll?, disallow?, allowAll?, allow? }`, see `name-rules.ts`. Unless it says otherwise names are
 * compared exactly; one with spaces at its ends, or with control characters, is no name, so no program can trim it into one.
 * @throws {ClocheError} OPTION_INVALID for an unknown option, and without a `sentence`
 */
export function nameScope(given: NameScopeOptions): ScopeRule & Required<Pick<ScopeRule, 'decide' | 'narrowest'>> {
  const options = givenOptions<NameScopeOptions>('`nameScope()`', given, KEYS);
  const { subject = 'name', alias, sentence: said, except = exceptNames } = options;
  if (typeof said !== 'function') {
    throw new ClocheError('OPTION_INVALID', 'Expected `nameScope()` to be given `sentence`, a function');
  }
  const { entry = plainName, name: readName = entry, covers = Object.is, example = 'name' } = options;
  const kind: NameKind = { ...options, entry, covers, example };
  return {
    parse: (value, path) => parse(value, path, kind, alias),
    describe: (scope) => describe(rulesIn(scope, alias), said, except),
    covers: (granted, asked) => {
      const [outer, inner] = [rulesIn(granted, alias), rulesIn(asked, alias)];
      return !outer || (inner !== undefined && rulesCover(outer, inner, kind));
    },
    decide(scope, request) {
      const name = readName(textIn(request, subject));
      if (name === undefined) return NO_NAME;
      const rules = rulesIn(scope, alias);
      return rules ? decideBy(rules, (one) => covers(one, name)) : UNLIMITED;
    },
    narrowest(request) {
      const name = readName(textIn(request, subject));
      return name === undefined ? undefined : { allow: [name] };
    },
  };
}

function textIn(request: Readonly<Record<string, unknown>>, subject: string): string {
  const text = request[subject];
  if (typeof text === 'string') return text.length > MOST_LENGTH ? '' : text;
  throw new ClocheError('OPTION_INVALID', `Expected \`${subject}\` to be a string`);
}

/** In the words that were given: what was stored by an earlier version is still read by it. */
function parse(value: unknown, path: string, kind: NameKind, alias: string | undefined): object {
  if (alias === undefined || !isPlainObject(value) || value[alias] === undefined) return parseRules(value, path, kind);
  const { [alias]: list, ...others } = value;
  if (others.allow !== undefined) {
    const message = `Expected \`${path}\` to hold \`allow\` or \`${alias}\`, which are the same`;
    throw new ClocheError('OPTION_INVALID', message);
  }
  return { ...parseRules(others, path, kind), [alias]: parseEntries(list, `${path}.${alias}`, kind) };
}

/** Undefined where there is no limit. */
function rulesIn(scope: unknown, alias: string | undefined): NameRules | undefined {
  if (scope === undefined || alias === undefined) return scope as NameRules | undefined;
  const { [alias]: list, ...rules } = scope as NameRules & Readonly<Record<string, readonly string[] | undefined>>;
  return list ? { ...rules, allow: list } : rules;
}

/** A name that every reader takes for itself. */
function plainName(text: string): string | undefined {
  const isPlain = text !== '' && text.length <= MOST_LENGTH && text.trim() === text && !/[\p{Cc}\p{Cs}]/u.test(text);
  return isPlain && text.normalize('NFC') === text ? text : undefined;
}

function describe(
  rules: NameRules | undefined,
  said: NameScopeOptions['sentence'],
  except: (list: readonly string[]) => Sentence,
): (string | Sentence)[] {
  if (rules?.disallowAll) return [said([])];
  const allowed = !rules || rules.allowAll ? undefined : (rules.allow ?? []).map(shown);
  return [said(allowed), ...(rules?.disallow?.length ? [except(rules.disallow.map(shown))] : [])];
}

function exceptNames(names: readonly string[]): Sentence {
  return sentence('except', 'Except: {names}.', { names });
}

function shown(entry: string): string {
  return visibleText(entry, 320);
}
