import { assert } from 'chai';
import { assertAccessible } from '../../helpers/axe.ts';
import { find, textOf, until } from '../../helpers/render.ts';
import { database, EVIL, FakeDatabases, press, rendered, shownDatabases } from '../database-stand-in.ts';

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
    const element = await shownDatabases(databases);
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
    const element = await shownDatabases(databases);
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

  it('tells what could not be read from what is empty, and tries again', async () => {
    const databases = new FakeDatabases([database({})]);
    databases.broken = new Error('it was in use');
    const element = await shownDatabases(databases);
    await press(element, /^Show tables/);
    assert.match(textOf(find(element, '[role=alert]')), /It cannot be read\.\s+it was in use/);
    databases.broken = undefined;
    await press(element, /^Try again$/);
    assert.isNotNull(element.shadowRoot?.querySelector('table'));
    assert.include(textOf(await shownDatabases(undefined)), 'This plugin has no SQL database.');
  });

  it('reads no databases of the plugin that was shown before, however late it hears of them', async () => {
    const [before, now] = [new FakeDatabases([database({})]), new FakeDatabases([database({})])];
    let arrive: (databases: FakeDatabases) => void = () => undefined;
    const late = new Promise<FakeDatabases>((resolve) => {
      arrive = resolve;
    });
    const element = await shownDatabases(now);
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
    const element = await shownDatabases(new FakeDatabases(EACH_STATE), 'de-DE');
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
