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
import { assertAccessible } from '../helpers/axe.ts';
import { find, renderElement, settled, textOf, until } from '../helpers/render.ts';

const database = (fields: Partial<ShownDatabase>): ShownDatabase => ({
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

const EVIL = 'a\u202eb<img src=x>\n';
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
class FakeDatabases implements ReadableDatabases {
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

async function shown(databases: FakeDatabases | undefined, lang = 'en'): Promise<ClocheDatabases> {
  const plugin = { databases: async () => databases };
  const element = await renderElement<ClocheDatabases>(
    html`<cloche-databases lang=${lang} .plugin=${plugin}></cloche-databases>`,
  );
  await rendered(element);
  return element;
}

async function rendered(element: Element): Promise<void> {
  await new Promise((wake) => setTimeout(wake));
  await settled(element.parentElement as Element);
}

async function press(element: ClocheDatabases, label: RegExp): Promise<void> {
  const buttons = [...(element.shadowRoot?.querySelectorAll('button') ?? [])];
  const button = buttons.find((one) => label.test(one.getAttribute('aria-label') ?? one.textContent?.trim() ?? ''));
  assert.isDefined(button, `a button ${label}`);
  button?.click();
  await rendered(element);
}

const EACH_STATE = [
  database({ name: 'a', state: 'open', bytes: 60 << 20 }),
  database({ name: 'b', state: 'empty', bytes: 0 }),
  database({ name: 'c', state: 'elsewhere', placement: 'durable' }),
  database({ name: 'd', state: 'damaged', bytes: undefined, problem: new Error(`a file is damaged ${EVIL}`) }),
  database({ name: 'e', state: 'server', placement: 'server', bytes: undefined, quotaBytes: undefined }),
];

describe('<cloche-databases>', () => {
  it('says how each stands and how much it has of its quota, and opens none', async () => {
    const databases = new FakeDatabases(EACH_STATE);
    const element = await shown(databases);
    await assertAccessible(element);
    const text = textOf(element);
    for (const words of [
      'To open one, 6.2 MiB are loaded first.',
      'nothing stored',
      'open in another tab',
      'cannot be opened',
      'How much is stored could not be found out.',
      'a file is damaged',
      '3 MiB on the server, all databases together',
    ]) {
      assert.include(text.replaceAll('\u00a0', ' '), words);
    }
    const bar = textOf(find(element, 'cloche-limit-bar'));
    assert.include(bar, '60 MiB of 64 MiB');
    assert.include(bar, 'near the limit');
    assert.isEmpty(databases.asked);
  });

  it('shows tables and rows as tables, with the plugin’s words as text', async () => {
    const databases = new FakeDatabases([database({})]);
    const element = await shown(databases);
    await press(element, /^Show tables of hasura$/);
    await press(element, /^entries$/);
    assert.deepEqual(databases.asked, [
      ['hasura', 0],
      ['hasura', 'public', 'entries', 0],
    ]);
    await assertAccessible(element);
    const text = textOf(element);
    for (const words of [
      '120',
      'about 1,200,000',
      'more than 10,000',
      'not counted',
      '48',
      'view',
      'NULL',
      'empty text',
      '(cut)',
    ]) {
      assert.include(text, words);
    }
    assert.notInclude(text, '\u202e');
    assert.isNull(element.shadowRoot?.querySelector('img') ?? null);
    const [, rows] = [...(element.shadowRoot?.querySelectorAll('table') ?? [])];
    assert.deepEqual(
      [rows?.querySelectorAll('thead th[scope=col]').length, rows?.querySelectorAll('tbody tr').length],
      [3, 2],
    );
    assert.equal(find(element, '.scroll').tabIndex, 0, 'what scrolls can be reached by keys');
    assert.isAtMost(element.scrollWidth, element.clientWidth, 'a wide table scrolls in itself');
  });

  it('goes from page to page, keeps the focus, and reads again what it shows', async () => {
    const databases = new FakeDatabases([database({})]);
    const element = await shown(databases);
    await press(element, /^Show tables/);
    await press(element, /^entries$/);
    const next = [...(element.shadowRoot?.querySelectorAll('button') ?? [])].find((one) => one.textContent === 'Next');
    next?.focus();
    await press(element, /^Next$/);
    assert.deepEqual(databases.asked.at(-1), ['hasura', 'public', 'entries', 50]);
    assert.include(textOf(element), 'Rows 51 to 52');
    assert.isTrue(element.shadowRoot?.activeElement === next, 'the focus stays');
    await press(element, /^Next$/);
    assert.lengthOf(databases.asked, 3, 'there is no more');
    await press(element, /^Look again$/);
    assert.deepEqual(databases.asked.slice(3), [
      ['hasura', 0],
      ['hasura', 'public', 'entries', 50],
    ]);
    await press(element, /^Hide tables/);
    assert.isNull(element.shadowRoot?.querySelector('table') ?? null);
  });

  it('tells what could not be read from what is empty, and tries again', async () => {
    const databases = new FakeDatabases([database({})]);
    databases.broken = new Error('it was in use');
    const element = await shown(databases);
    await press(element, /^Show tables/);
    assert.match(textOf(find(element, '[role=alert]')), /It cannot be read\.\s+it was in use/);
    databases.broken = undefined;
    await press(element, /^Try again$/);
    assert.isNotNull(element.shadowRoot?.querySelector('table'));
    assert.include(textOf(await shown(undefined)), 'This plugin has no SQL database.');
  });

  it('reads no databases of the plugin that was shown before, however late it hears of them', async () => {
    const [before, now] = [new FakeDatabases([database({})]), new FakeDatabases([database({})])];
    let arrive: (databases: FakeDatabases) => void = () => undefined;
    const late = new Promise<FakeDatabases>((resolve) => {
      arrive = resolve;
    });
    const element = await shown(now);
    element.plugin = { databases: () => late };
    await rendered(element);
    element.plugin = { databases: async () => now };
    await rendered(element);
    arrive(before);
    await rendered(element);
    await press(element, /^Show tables/);
    assert.deepEqual([before.asked, now.asked], [[], [['hasura', 0]]]);
  });

  it('speaks German where the page does', async () => {
    const element = await shown(new FakeDatabases(EACH_STATE), 'de-DE');
    await until(() => textOf(element).includes('Datenbanken'), 'the German words');
    await press(element, /^Tabellen von a zeigen$/);
    for (const words of [
      'Datenbanken',
      'nichts gespeichert',
      'lässt sich nicht öffnen',
      'etwa 1.200.000',
      'nicht gezählt',
    ]) {
      assert.include(textOf(element), words);
    }
  });
});
