// Reads what plugins contribute: one entry a kind, by which every manifest of Cloche and every stored record is read.

import { copyData, invalid, type Path } from '../util/json/untrusted-json.ts';
import {
  CONTRIBUTION_KEYS,
  type Command,
  type CommandParameter,
  type Contribution,
  type Contributions,
  eachKind,
  type Handler,
  type Route,
  type Schedule,
  type Subscription,
} from './contributions.ts';
import { Fields, type TextRule } from './fields.ts';
import { ID_RULE, PLUGIN_ID } from './plugin-id.ts';
import { pathProblem } from './safe-path.ts';

/**
 * Where an item stands. A manifest keeps to the rules of its fields. A record was checked by the rules of its day, or is of a
 * dialect that has others: what it says must be of the right types, and bounded.
 */
type Origin = 'manifest' | 'record';

/** Reads one field of an item. @throws {ClocheError} MANIFEST_INVALID with the path */
type Field<T> = (item: Fields, key: string, origin: Origin) => T;

/** One kind of contribution: its fields, and what no two of a plugin may have in common. */
export interface ContributionKind<T> {
  readonly fields: { readonly [K in keyof T]-?: Field<T[K]> };
  unique?(item: T): string;
}

const MOST: Record<Origin, number> = { manifest: 500, record: 10_000 };
const MIN_EVERY_MS = 1_000;
const LINE: TextRule = { max: 200 };
const PROSE: TextRule = { max: 2_000, lines: true };
const ANY_TEXT: TextRule = { max: 1 << 20, lines: true };

const id = required(text(LINE, PLUGIN_ID, ID_RULE));
const handler = required(text(LINE, /^./, 'the name of an export'));

/** By the key of the manifest and of the stored record: a new kind is an entry here. */
export const CONTRIBUTION_KINDS: { readonly [K in keyof Contributions]: ContributionKind<Contributions[K][number]> } = {
  contributions: kind<Contribution>({
    fields: {
      point: required(text(LINE, /^[A-Za-z0-9_.-]{1,64}$/, '1 to 64 letters, digits, ".", "_" or "-"')),
      id,
      label: required(text(LINE)),
      description: withDefault('', text(PROSE)),
      icon: text(LINE),
      component: filePath,
      styles: ofOthers(text(LINE)),
      group: text(LINE),
      order: integer,
    },
    unique: (item) => `${item.point} ${item.id}`,
  }),
  routes: kind<Route>({
    fields: {
      method: withDefault('', text(LINE, /^[A-Z][A-Z-]{0,19}$/, 'an HTTP method in upper case')),
      path: required(text(PROSE, /^\//, 'a path that begins with "/"')),
      description: withDefault('', text(PROSE)),
    },
  }),
  subscriptions: kind<Subscription>({
    fields: { id, events: required(texts(LINE)), handler },
    unique: (item) => item.id,
  }),
  schedules: kind<Schedule>({
    fields: { id, everyMs: required(everyMs), handler },
    unique: (item) => item.id,
  }),
  handlers: kind<Handler>({ fields: { use: required(text(LINE)), handler, path: text(PROSE) } }),
  commands: kind<Command>({
    fields: {
      name: required(text(LINE, /^[^\s\p{Cc}]+$/u, 'a name without spaces')),
      description: withDefault('', text(PROSE)),
      params: withDefault([], commandParams),
      returnType: withDefault('', text(LINE)),
      handler: text(LINE),
      callback: text(LINE),
    },
    unique: (item) => item.name,
  }),
};

/**
 * The lists of an object that may have them. A record from before a kind was known has no list of it.
 * @throws {ClocheError} MANIFEST_INVALID with the path
 */
export function readContributions(from: Fields, origin: Origin): Contributions {
  return eachKind((key) => {
    const { fields, unique }: AnyKind = KINDS[key];
    const items = (from.list(key, MOST[origin]) ?? []).map((value, index) => {
      const item = new Fields(value, [...from.path(key), index], Object.keys(fields));
      return mapValues(fields, (field, name) => field(item, name, origin));
    });
    if (unique && origin === 'manifest') assertOnce(from.path(key), items.map(unique));
    return items;
  });
}

/** What a plugin adds while it runs. @throws {ClocheError} MANIFEST_INVALID for what no manifest could say */
export function liveContributions(added: object): Contributions {
  return readContributions(new Fields(copyData(added), [], CONTRIBUTION_KEYS), 'manifest');
}

type AnyKind = ContributionKind<Record<string, unknown>>;

/** The table seen from outside: each kind gives a list of its own items. */
const KINDS = CONTRIBUTION_KINDS as unknown as Readonly<Record<keyof Contributions, AnyKind>>;

function mapValues<T, R>(record: Readonly<Record<string, T>>, map: (value: T, key: string) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}

function assertOnce(path: Path, names: readonly string[]): void {
  const twice = names.findIndex((name, index) => names.indexOf(name) < index);
  if (twice !== -1) throw invalid([...path, twice, 'id'], 'is there twice');
}

function kind<T>(entry: ContributionKind<T>): ContributionKind<T> {
  return entry;
}

function required<T>(read: Field<T | undefined>): Field<T> {
  return (item, key, origin) => item.required(key, read(item, key, origin));
}

/** A manifest may leave it out; a record has it always. */
function withDefault<T>(value: T, read: Field<T | undefined>): Field<T> {
  return (item, key, origin) => (item.has(key) || origin === 'record' ? required(read)(item, key, origin) : value);
}

/** What only manifests of other systems have: one of Cloche's own that says it expects something of it. */
function ofOthers<T>(read: Field<T>): Field<T> {
  return (item, key, origin) => {
    if (origin === 'manifest' && item.has(key)) throw invalid(item.path(key), 'is not a key: nothing reads it');
    return read(item, key, origin);
  };
}

function text(rule: TextRule, pattern = /^/, expected = 'text'): Field<string | undefined> {
  return (item, key, origin) => {
    const value = item.text(key, ruleFor(origin, rule));
    if (value === undefined || origin === 'record' || pattern.test(value)) return value;
    throw item.wrong(key, expected);
  };
}

function texts(rule: TextRule): Field<string[] | undefined> {
  return (item, key, origin) => item.texts(key, MOST[origin], ruleFor(origin, rule));
}

function ruleFor(origin: Origin, rule: TextRule): TextRule {
  return origin === 'manifest' ? rule : ANY_TEXT;
}

function filePath(item: Fields, key: string, origin: Origin): string | undefined {
  const path = text({ max: 255 })(item, key, origin);
  const problem = path === undefined || origin === 'record' ? undefined : pathProblem(path);
  if (problem !== undefined) throw invalid(item.path(key), problem);
  return path;
}

function integer(item: Fields, key: string): number | undefined {
  const value = item.raw(key);
  if (value === undefined || Number.isSafeInteger(value)) return value as number | undefined;
  throw item.wrong(key, 'a whole number');
}

function commandParams(item: Fields, key: string, origin: Origin): CommandParameter[] | undefined {
  return item.list(key, MOST[origin])?.map((value, index) => {
    const param = new Fields(value, [...item.path(key), index], ['name', 'type']);
    const word = (part: string): string => param.text(part, ruleFor(origin, LINE)) ?? '';
    return { name: word('name'), type: word('type') };
  });
}

function everyMs(item: Fields, key: string, origin: Origin): number | undefined {
  return item.wholeNumber(key, origin === 'manifest' ? MIN_EVERY_MS : 1);
}
