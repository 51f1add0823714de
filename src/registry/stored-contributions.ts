// What a plugin contributes, and its files, as they are stored. A record of before has none of these lists.

import { Fields } from '../manifest/fields.ts';
import type { AssetEntry, Contribution, Route, Schedule, Subscription } from '../manifest/plugin-manifest.ts';

const ANY_TEXT = { max: 1 << 20, lines: true };
const MANY = 10_000;

/** The keys that {@link readStoredFile} reads. */
export const STORED_FILE = ['sha256', 'size'];

/** @throws {ClocheError} MANIFEST_INVALID with the path, as all readers here */
export function readEach<T>(fields: Fields, key: string, read: (item: ItemFields) => T): T[] {
  return (fields.list(key, MANY) ?? []).map((item, index) =>
    read((known) => new Fields(item, [...fields.path(key), index], known)),
  );
}

/** The fields of one item, once it is said which it may have. */
type ItemFields = (known: readonly string[]) => Fields;

export function readContribution(item: ItemFields): Contribution {
  const fields = item(['point', 'id', 'label', 'description', 'icon', 'component', 'group', 'order']);
  const order = fields.raw('order');
  if (order !== undefined && !Number.isSafeInteger(order)) throw fields.wrong('order', 'a whole number');
  return {
    point: text(fields, 'point'),
    id: text(fields, 'id'),
    label: text(fields, 'label'),
    description: text(fields, 'description'),
    icon: fields.text('icon', ANY_TEXT),
    component: fields.text('component', ANY_TEXT),
    group: fields.text('group', ANY_TEXT),
    order: order as number | undefined,
  };
}

export function readRoute(item: ItemFields): Route {
  const fields = item(['method', 'path', 'description']);
  return { method: text(fields, 'method'), path: text(fields, 'path'), description: text(fields, 'description') };
}

export function readSubscription(item: ItemFields): Subscription {
  const fields = item(['id', 'events', 'handler']);
  const events = fields.required('events', fields.texts('events', MANY, ANY_TEXT));
  return { id: text(fields, 'id'), events, handler: text(fields, 'handler') };
}

export function readSchedule(item: ItemFields): Schedule {
  const fields = item(['id', 'everyMs', 'handler']);
  const everyMs = fields.required('everyMs', fields.wholeNumber('everyMs', 1));
  return { id: text(fields, 'id'), everyMs, handler: text(fields, 'handler') };
}

export function readAsset(item: ItemFields): AssetEntry {
  const fields = item(['path', ...STORED_FILE]);
  return { path: text(fields, 'path'), ...readStoredFile(fields) };
}

export function readStoredFile(file: Fields): { sha256: string; size: number } {
  const hash = file.required('sha256', file.text('sha256', ANY_TEXT));
  if (!/^[0-9a-f]{64}$/.test(hash)) throw file.wrong('sha256', '64 lower-case hex digits');
  return { sha256: hash, size: file.required('size', file.wholeNumber('size', 0)) };
}

function text(fields: Fields, key: string): string {
  return fields.required(key, fields.text(key, ANY_TEXT));
}
