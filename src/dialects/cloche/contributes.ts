// What a plugin contributes, as Cloche's own manifest says it: one strict reader a list.

import { Fields, type TextRule } from '../../manifest/fields.ts';
import { ID_RULE, isPluginId } from '../../manifest/manifest-draft.ts';
import type { Contribution, PluginManifest, Route, Schedule, Subscription } from '../../manifest/plugin-manifest.ts';
import { pathProblem } from '../../manifest/safe-path.ts';
import { invalid, type Path } from '../../util/json/untrusted-json.ts';

/** The keys that {@link readContributes} reads. */
export const CONTRIBUTES = ['contributions', 'routes', 'subscriptions', 'schedules'] as const;

const MOST = 500;
const MIN_EVERY_MS = 1_000;
const LABEL: TextRule = { max: 200 };
const PROSE: TextRule = { max: 2_000, lines: true };
const POINT = /^[A-Za-z0-9_.-]{1,64}$/;
const METHOD = /^[A-Z][A-Z-]{0,19}$/;

type Contributes = Pick<PluginManifest, (typeof CONTRIBUTES)[number]>;

/** @throws {ClocheError} MANIFEST_INVALID with the path, as all readers here */
export function readContributes(top: Fields): Contributes {
  const contributions = each(top, 'contributions', readContribution);
  const subscriptions = each(top, 'subscriptions', readSubscription);
  const schedules = each(top, 'schedules', readSchedule);
  assertOnce(['contributions'], contributions, ({ point, id }) => `${point} ${id}`);
  assertOnce(['subscriptions'], subscriptions, ({ id }) => id);
  assertOnce(['schedules'], schedules, ({ id }) => id);
  return { contributions, routes: each(top, 'routes', readRoute), subscriptions, schedules };
}

/** The fields of one item, once it is said which it may have. */
type Item = (...known: string[]) => Fields;

function each<T>(top: Fields, key: string, read: (item: Item) => T): T[] {
  return (top.list(key, MOST) ?? []).map((value, index) =>
    read((...known) => new Fields(value, [...top.path(key), index], known)),
  );
}

function readContribution(item: Item): Contribution {
  const fields = item('point', 'id', 'label', 'description', 'icon', 'component', 'group', 'order');
  const point = matching(fields, 'point', POINT, '1 to 64 letters, digits, ".", "_" or "-"');
  const order = fields.raw('order');
  if (order !== undefined && !Number.isSafeInteger(order)) throw fields.wrong('order', 'a whole number');
  return {
    point,
    id: readId(fields),
    label: fields.required('label', fields.text('label', LABEL)),
    description: fields.text('description', PROSE) ?? '',
    icon: fields.text('icon', LABEL),
    component: readComponent(fields),
    group: fields.text('group', LABEL),
    order: order as number | undefined,
  };
}

function readComponent(fields: Fields): string | undefined {
  const path = fields.text('component', { max: 255 });
  const problem = path === undefined ? undefined : pathProblem(path);
  if (problem !== undefined) throw invalid(fields.path('component'), problem);
  return path;
}

function readRoute(item: Item): Route {
  const fields = item('method', 'path', 'description');
  const path = fields.required('path', fields.text('path', PROSE));
  if (!path.startsWith('/')) throw fields.wrong('path', 'a path that begins with "/"');
  return {
    method: fields.has('method') ? matching(fields, 'method', METHOD, 'an HTTP method in upper case') : '',
    path,
    description: fields.text('description', PROSE) ?? '',
  };
}

function readSubscription(item: Item): Subscription {
  const fields = item('id', 'events', 'handler');
  const events = fields.required('events', fields.texts('events', MOST, LABEL));
  return { id: readId(fields), events, handler: readHandler(fields) };
}

function readSchedule(item: Item): Schedule {
  const fields = item('id', 'everyMs', 'handler');
  const everyMs = fields.required('everyMs', fields.wholeNumber('everyMs', MIN_EVERY_MS));
  return { id: readId(fields), everyMs, handler: readHandler(fields) };
}

function readId(fields: Fields): string {
  const id = fields.required('id', fields.raw('id'));
  if (isPluginId(id)) return id;
  throw fields.wrong('id', ID_RULE);
}

function readHandler(fields: Fields): string {
  const handler = fields.required('handler', fields.text('handler', LABEL));
  if (handler === '') throw fields.wrong('handler', 'the name of an export');
  return handler;
}

function matching(fields: Fields, key: string, pattern: RegExp, expected: string): string {
  const text = fields.required(key, fields.raw(key));
  if (typeof text === 'string' && pattern.test(text)) return text;
  throw fields.wrong(key, expected);
}

function assertOnce<T>(path: Path, items: readonly T[], keyOf: (item: T) => string): void {
  const seen = new Set<string>();
  items.forEach((item, index) => {
    if (seen.size === seen.add(keyOf(item)).size) throw invalid([...path, index, 'id'], 'is there twice');
  });
}
