// What plugins contribute besides exports: one entry a kind, which every manifest of Cloche and every stored record is read by.

import { invalid, type Path } from '../util/json/untrusted-json.ts';
import { Fields, type TextRule } from './fields.ts';
import { ID_RULE, PLUGIN_ID } from './plugin-id.ts';
import { pathProblem } from './safe-path.ts';

/** What a plugin adds to an extension point of the host app, as its manifest says it. */
export interface Contribution {
  /** Name of the extension point, such as `admin.tab`. */
  readonly point: string;
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** Name of an icon; the host app decides what it means. */
  readonly icon: string | undefined;
  /** Asset that is the page to show; `index.html` where it is undefined. */
  readonly component: string | undefined;
  /** A style sheet that the plugin's system lists beside the page. Nothing loads it. */
  readonly styles: string | undefined;
  readonly group: string | undefined;
  readonly order: number | undefined;
}

/** A request that the plugin answers. */
export interface Route {
  /** Compared as it stands; `''` for any. */
  readonly method: string;
  /** Begins with `/`; `*` at its end stands for any rest. */
  readonly path: string;
  readonly description: string;
}

/** Events that an export wants to hear of. */
export interface Subscription {
  readonly id: string;
  readonly events: readonly string[];
  /** Name of the export. */
  readonly handler: string;
}

/** An export that wants to be called again and again. */
export interface Schedule {
  readonly id: string;
  readonly everyMs: number;
  /** Name of the export. */
  readonly handler: string;
}

/** An export that the app calls, and as what. */
export interface Handler {
  /** `hook`: by its name, in all plugins that have it. `endpoint`: by its path. `task`: where it may take long. */
  readonly use: string;
  readonly handler: string;
  /** Of an endpoint: as {@link Route.path}, without `*`. */
  readonly path: string | undefined;
}

/** What a command takes; `type` is a word of the plugin's system. */
export interface CommandParameter {
  readonly name: string;
  readonly type: string;
}

/** Something that people, and other plugins, can have a plugin do. */
export interface Command {
  /** Without the plugin's id, which the host puts before it. */
  readonly name: string;
  readonly description: string;
  readonly params: readonly CommandParameter[];
  /** `''` for nothing. */
  readonly returnType: string;
  /** Name of the export; undefined where the plugin names it once it runs. */
  readonly handler: string | undefined;
  /** What its dialect needs to call the handler. */
  readonly callback: string | undefined;
}

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
export const CONTRIBUTION_KINDS = {
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

type Kinds = typeof CONTRIBUTION_KINDS;

/** All that a plugin contributes, by kind. */
export type Contributions = {
  readonly [K in keyof Kinds]: readonly (Kinds[K] extends ContributionKind<infer T> ? T : never)[];
};

/** The keys that {@link readContributions} reads. */
export function contributionKeys(): readonly string[] {
  return Object.keys(CONTRIBUTION_KINDS);
}

/** Of a plugin that only offers exports. */
export function noContributions(): Contributions {
  return eachKind(() => []);
}

/**
 * The lists of an object that may have them. A record from before a kind was known has no list of it.
 * @throws {ClocheError} MANIFEST_INVALID with the path
 */
export function readContributions(from: Fields, origin: Origin): Contributions {
  return eachKind((key, { fields, unique }) => {
    const items = (from.list(key, MOST[origin]) ?? []).map((value, index) => {
      const item = new Fields(value, [...from.path(key), index], Object.keys(fields));
      return mapValues(fields, (field, name) => field(item, name, origin));
    });
    if (unique && origin === 'manifest') assertOnce(from.path(key), items.map(unique));
    return items;
  });
}

type AnyKind = ContributionKind<Record<string, unknown>>;

/** The table seen from outside: each kind gives a list of its own items. */
function eachKind(listOf: (key: string, kind: AnyKind) => readonly unknown[]): Contributions {
  const kinds = CONTRIBUTION_KINDS as unknown as Readonly<Record<string, AnyKind>>;
  return mapValues(kinds, (kind, key) => listOf(key, kind)) as Contributions;
}

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
