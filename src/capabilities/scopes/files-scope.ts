// Scopes of permissions to read and write files, each by the folders and files that it lists.

import { ClocheError } from '../../errors.ts';
import { isPlainObject } from '../../util/given-options.ts';
import { visibleText } from '../../util/text/visible-text.ts';
import type { ScopeRule } from '../capability.ts';
import { type Sentence, sentence } from '../sentences.ts';
import { canonicalPath, isInFolder } from './canonical-path.ts';
import {
  type Decision,
  decideBy,
  type NameKind,
  type NameRules,
  NO_NAME,
  parseRules,
  rulesCover,
  UNLIMITED,
} from './name-rules.ts';

/** What can be granted of files; what is left out of it is denied. */
export interface FilesScope {
  readonly read?: NameRules;
  readonly write?: NameRules;
}

const PATHS: NameKind = { entry: canonicalPath, covers: isInFolder, example: 'ws0://src' };
const WAYS = ['write', 'read'] as const;
type Way = (typeof WAYS)[number];

/**
 * The rule for `{ read?, write? }`, each `{ disallowAll?, disallow?, allowAll?, allow? }` of paths, see `canonical-path.ts`. An
 * entry covers a file, or a folder and all below it: `ws0://src` covers `ws0://src/a` and not `ws0://src-private`. Host
 * functions open what `canonicalPath` makes of a path, and nothing else.
 */
export const filesScope: ScopeRule = {
  parse(value, path): FilesScope {
    if (!isPlainObject(value)) throw invalid(path, 'to be an object such as { read: { allow: ["ws0://src"] } }');
    const { read, write, ...others } = value;
    const [unknown] = Object.keys(others);
    if (unknown !== undefined) throw invalid(path, `to hold read and write, not "${visibleText(unknown, 60)}"`);
    return {
      ...(read !== undefined && { read: parseRules(read, `${path}.read`, PATHS) }),
      ...(write !== undefined && { write: parseRules(write, `${path}.write`, PATHS) }),
    };
  },
  describe(scope) {
    if (scope === undefined)
      return [sentence('everyFile', 'Read and write every file that this app lets plugins reach.')];
    return WAYS.flatMap((way) => describe(way, (scope as FilesScope)[way]));
  },
  covers(granted, asked) {
    if (granted === undefined || asked === undefined) return granted === undefined;
    return WAYS.every((way) => rulesCover(rulesOf(granted, way), rulesOf(asked, way), PATHS));
  },
  decide(scope, request) {
    const way = wayOf(request);
    const path = canonicalPath(request[way] as string);
    if (path === undefined) return NO_NAME;
    return scope === undefined ? UNLIMITED : decide(rulesOf(scope, way), path);
  },
  narrowest(request) {
    const way = wayOf(request);
    const path = canonicalPath(request[way] as string);
    return path === undefined ? undefined : { [way]: { allow: [path] } };
  },
};

function decide(rules: NameRules, path: string): Decision {
  return decideBy(rules, (entry) => isInFolder(entry, path));
}

function rulesOf(scope: unknown, way: Way): NameRules {
  return (scope as FilesScope)[way] ?? {};
}

function wayOf(request: Readonly<Record<string, unknown>>): Way {
  const way = WAYS.find((one) => typeof request[one] === 'string');
  if (way && WAYS.every((one) => one === way || request[one] === undefined)) return way;
  throw new ClocheError('OPTION_INVALID', 'Expected a path to `read` or to `write`');
}

function describe(way: Way, { disallowAll, disallow = [], allowAll, allow = [] }: NameRules = {}): Sentence[] {
  if (disallowAll || (!allowAll && allow.length === 0)) return [];
  const [form, verb] = way === 'read' ? (['read', 'Read'] as const) : (['change', 'Change'] as const);
  const [paths, except] = [shown(allow), shown(disallow)];
  const [every, these] = [`${verb} every file that this app lets plugins reach`, `${verb} files in {paths}`];
  if (except.length === 0) {
    return [allowAll ? sentence(`${form}All`, `${every}.`) : sentence(form, `${these}.`, { paths })];
  }
  const left = ', except in {except}.';
  return [
    allowAll
      ? sentence(`${form}AllExcept`, every + left, { except })
      : sentence(`${form}Except`, these + left, { paths, except }),
  ];
}

/** What ends a path in a list, within one: without an escape it could read as two, or as an exception that nobody has made. */
const LIST_COMMA = /,(?=\s)/gu;

function shown(paths: readonly string[]): string[] {
  return paths.map((path) => visibleText(path, 320).replace(LIST_COMMA, '\\u002c'));
}

function invalid(path: string, expected: string): ClocheError {
  return new ClocheError('OPTION_INVALID', `Expected \`${path}\` ${expected}`);
}
