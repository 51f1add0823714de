// The databases of a plugin in memory, for tests of <cloche-databases>.

import { assert } from 'chai';
import { html } from 'lit';
import '../../src/elements/databases/databases.ts';
import type { ClocheDatabases } from '../../src/elements/databases/databases.ts';
import type {
  ReadableDatabases,
  ShownDatabase,
  ShownDatabases,
  ShownRows,
  ShownTable,
} from '../../src/elements/databases/host-like.ts';
import { renderElement, settled } from '../helpers/render.ts';

/** A database of a plugin, as a host tells of it. */
export const database = (fields: Partial<ShownDatabase>): ShownDatabase => ({
  name: 'hasura',
  state: 'asleep',
  placement: 'memory',
  bytes: 3 << 20,
  quotaBytes: 64 << 20,
  problem: undefined,
  ...fields,
});
const table = (fields: Partial<ShownTable>): ShownTable => ({
  schema: 'public',
  name: 'entries',
  kind: 'table',
  bytes: 49_152,
  count: { rows: 120, how: 'exact' },
  ...fields,
});

/** What a plugin may call things. */
export const EVIL = 'a\u202eb<img src=x>\n';
const TABLES = [
  table({}),
  table({ name: EVIL, count: { rows: 1_200_000, how: 'estimated' } }),
  table({ schema: 'own', name: 'x'.repeat(63), count: { rows: 10_000, how: 'at-least' } }),
  table({ name: 'seen', kind: 'view', bytes: undefined, count: undefined }),
];
const ROWS: Omit<ShownRows, 'offset' | 'hasMore'> = {
  columns: [
    { name: 'id', type: 'integer' },
    { name: EVIL, type: 'text' },
    { name: 'note', type: 'text' },
  ],
  hasMoreColumns: true,
  rows: [
    [
      { text: '1', isCut: false },
      { text: EVIL, isCut: false },
      { text: null, isCut: false },
    ],
    [
      { text: '2', isCut: false },
      { text: 'y'.repeat(200), isCut: true },
      { text: '', isCut: false },
    ],
  ],
};

/** What was asked, in order; the next look fails with `broken`. */
export class FakeDatabases implements ReadableDatabases {
  readonly asked: unknown[] = [];
  listed: ShownDatabases;
  broken: Error | undefined;

  constructor(databases: readonly ShownDatabase[], more: Partial<ShownDatabases> = {}) {
    this.listed = { databases, bytes: 3 << 20, problem: undefined, programBytes: 6_500_000, ...more };
  }

  async list(): Promise<ShownDatabases> {
    return this.listed;
  }

  async tables(name: string, { offset }: { offset: number }) {
    this.asked.push([name, offset]);
    if (this.broken) throw this.broken;
    return { tables: TABLES, offset, hasMore: false };
  }

  async rows(name: string, of: Pick<ShownTable, 'schema' | 'name'>, { offset }: { offset: number }) {
    this.asked.push([name, of.schema, of.name, offset]);
    if (this.broken) throw this.broken;
    return { ...ROWS, offset, hasMore: offset < 50 };
  }
}

export async function shownDatabases(databases: FakeDatabases | undefined, lang = 'en'): Promise<ClocheDatabases> {
  const plugin = { databases: async () => databases };
  const element = await renderElement<ClocheDatabases>(
    html`<cloche-databases lang=${lang} .plugin=${plugin}></cloche-databases>`,
  );
  await rendered(element);
  return element;
}

export async function rendered(element: Element): Promise<void> {
  await new Promise((wake) => setTimeout(wake));
  await settled(element.parentElement as Element);
}

export async function press(element: ClocheDatabases, label: RegExp): Promise<void> {
  const buttons = [...(element.shadowRoot?.querySelectorAll('button') ?? [])];
  const button = buttons.find((one) => label.test(one.getAttribute('aria-label') ?? one.textContent?.trim() ?? ''));
  assert.isDefined(button, `a button ${label}`);
  button?.click();
  await rendered(element);
}
