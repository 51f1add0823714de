// plugins/standup from its built zip: what its routes answer, what its webhook collects, and what they refuse.

import { assert } from 'chai';
import type { Host, HostOptions, Plugin } from '../../src/index.ts';
import { result, scriptedRelay } from '../capabilities/scripted-relay.ts';
import { closeHosts, makeHost } from '../helpers/hosts.ts';

const PACKAGE = new URL('/plugins/standup/dist/standup.zip', location.href);
const DAY = '2026-03-15';
const ITEM = {
  id: 7,
  title: 'Fix the <b>login</b>',
  workspace_key: 'OPS',
  workspace_item_number: 12,
  status_name: 'Done',
  assignee_name: 'Ada',
};

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

let host: Host;
let plugin: Plugin;

/** For engines in which a plugin can wait for its store in no other way. */
const waitingHost = (options: HostOptions = {}): Promise<Host> =>
  makeHost({ serviceWorker: '/cloche-sw.js', ...options });

async function ask(method: string, path: string, body?: unknown): Promise<Answer> {
  const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
  const response = await host.fetch(`/api/plugins/standup${path}`, { method, ...sent });
  const text = await response.text();
  if (text !== '') assert.equal(response.headers.get('Content-Type'), 'application/json');
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

const refused = (status: number, error: string): Answer => ({ status, body: { error } });
const entriesOf = async (day = DAY): Promise<unknown> =>
  ((await ask('GET', `/entries?day=${day}`)).body as { entries: unknown }).entries;
const settings = { team: 'Orchid', recipients: ['team@example.com', 'lead@example.com'] };

describe('standup', () => {
  let plain: Host;
  before(async () => {
    plain = await waitingHost();
  });
  beforeEach(async () => {
    host = plain;
    plugin = await host.install(PACKAGE);
  });
  afterEach(() => plugin.uninstall({ wipe: true }));
  after(closeHosts);

  it('installs from its zip as a Windshift plugin, by its own name', () => {
    const { manifest } = plugin;
    assert.equal(manifest.dialect, 'windshift');
    assert.equal(plugin.id, 'standup');
    assert.equal(manifest.name, 'Stand-up');
    assert.deepEqual(
      manifest.assets.map(({ path }) => path).filter((path) => ['index.html', 'app.js', 'sunrise.svg'].includes(path)),
      ['app.js', 'index.html', 'sunrise.svg'],
    );
  });

  it('lists the same routes by itself as in its manifest', async () => {
    const written = await (await fetch('/plugins/standup/manifest.json')).json();
    assert.deepEqual([...plugin.manifest.routes], written.routes);
  });

  it('has an empty day at first, in the days of UTC where none is named', async () => {
    assert.deepEqual(await ask('GET', `/entries?day=${DAY}`), { status: 200, body: { day: DAY, entries: [] } });
    const before = new Date().toISOString().slice(0, 10);
    const { body } = await ask('GET', '/entries');
    assert.oneOf((body as { day: string }).day, [before, new Date().toISOString().slice(0, 10)]);
  });

  it('keeps entries of a day over instances, trimmed and in their order', async () => {
    const first = { author: ' Ada ', yesterday: 'Säte "früh"\n😀', today: ' ', blockers: '', day: DAY };
    assert.deepEqual(await ask('POST', '/entries', first), {
      status: 201,
      body: { id: 1, author: 'Ada', yesterday: 'Säte "früh"\n😀', today: '', blockers: '' },
    });
    assert.equal((await ask('POST', '/entries', { author: 'Grace', blockers: 'No key', day: DAY })).status, 201);
    await plugin.reset();
    assert.deepEqual(await entriesOf(), [
      { id: 1, author: 'Ada', yesterday: 'Säte "früh"\n😀', today: '', blockers: '' },
      { id: 2, author: 'Grace', yesterday: '', today: '', blockers: 'No key' },
    ]);
    assert.deepEqual(await entriesOf('2026-03-16'), []);
  });

  it("replaces an author's own entry of the day", async () => {
    await ask('POST', '/entries', { author: 'Ada', today: 'One', day: DAY });
    const { status, body } = await ask('POST', '/entries', { author: 'ADA', today: 'Two', day: DAY });
    assert.equal(status, 200);
    assert.deepEqual(await entriesOf(), [body]);
  });

  it('removes an entry once', async () => {
    await ask('POST', '/entries', { author: 'Ada', today: 'One', day: DAY });
    assert.deepEqual(await ask('DELETE', `/entries/${DAY}/1`), { status: 204, body: undefined });
    assert.deepEqual(await entriesOf(), []);
    for (const path of [`/entries/${DAY}/1`, `/entries/${DAY}`, '/entries/x/1', '/entries/']) {
      assert.equal((await ask('DELETE', path)).status, 404, path);
    }
  });

  it('refuses what is not an entry, with the reason', async () => {
    const cases: readonly (readonly [unknown, string])[] = [
      ['', 'Expected a JSON object'],
      ['nonsense', 'Expected a JSON object'],
      ['[1]', 'Expected a JSON object'],
      ['{"author":"a",}', 'Expected a JSON object'],
      ['{"author":"\\ud8"}', 'Expected a JSON object'],
      ['{"author":01}', 'Expected a JSON object'],
      [`${'['.repeat(100_000)}`, 'Expected a JSON object'],
      [{ author: 1 }, '`author` must be a text'],
      [{ author: ' ', today: 'x' }, 'Say who you are: `author` is empty'],
      [{ author: 'A\r\nBcc: b@example.com', today: 'x' }, '`author` must be one line'],
      [{ author: 'A'.repeat(81), today: 'x' }, '`author` must have at most 80 characters'],
      [{ author: 'A', today: 'x'.repeat(2_001) }, '`today` must have at most 2000 characters'],
      [{ author: 'A', today: ' ' }, 'Say something: `yesterday`, `today` and `blockers` are empty'],
      [{ author: 'A', today: 'x', day: 5 }, '`day` must be a text'],
      [{ author: 'A', today: 'x', day: '2026-02-29' }, 'Expected `day` to be a date such as 2026-03-15'],
    ];
    for (const [body, error] of cases) {
      assert.deepEqual(await ask('POST', '/entries', body), refused(400, error), String(body).slice(0, 80));
    }
    assert.deepEqual(await entriesOf(), []);
  });

  it('reads dates as a calendar has them', async () => {
    const days = { '2024-02-29': 200, '2100-02-29': 400, '2000-02-29': 200, '2026-04-31': 400, '2026-13-01': 400 };
    for (const [day, status] of Object.entries({ ...days, '2026-3-15': 400, today: 400, '2026-00-10': 400 })) {
      assert.equal((await ask('GET', `/entries?day=${day}`)).status, status, day);
    }
  });

  it('lets go of the oldest days beyond ninety', async () => {
    const day = (number: number): string => new Date(Date.UTC(2026, 0, number)).toISOString().slice(0, 10);
    for (let number = 1; number <= 91; number++) {
      await ask('POST', '/entries', { author: 'Ada', today: 'x', day: day(number) });
    }
    assert.deepEqual(await entriesOf(day(1)), []);
    assert.lengthOf((await entriesOf(day(2))) as unknown[], 1);
    assert.lengthOf((await entriesOf(day(91))) as unknown[], 1);
  });

  it('keeps settings, and refuses what is none', async () => {
    assert.deepEqual(await ask('GET', '/settings'), { status: 200, body: { team: '', recipients: [] } });
    assert.deepEqual(await ask('PUT', '/settings', settings), { status: 200, body: settings });
    for (const [body, error] of [
      [{ recipients: 'a@example.com' }, '`recipients` must be a list'],
      [{ recipients: ['nobody'] }, '"nobody" is not an e-mail address'],
      [{ recipients: ['a@example.com, b@example.com'] }, '"a@example.com, b@example.com" is not an e-mail address'],
      [{ recipients: [7] }, '7 is not an e-mail address'],
      [{ team: 'A\nB' }, '`team` must be one line'],
      [{ recipients: Array(51).fill('a@example.com') }, '`recipients` must be at most 50 addresses'],
    ] as const) {
      assert.deepEqual(await ask('PUT', '/settings', body), refused(400, error));
    }
    assert.deepEqual(await ask('GET', '/settings'), { status: 200, body: settings });
  });

  it('collects items that changed on a day from its webhook, each once and the latest first', async () => {
    const timestamp = `${DAY}T23:59:59.999999999Z`;
    const deliveries = [
      await host.emit('item.updated', { item: ITEM, timestamp }),
      await host.emit('item.updated', { item: { id: 8, title: 'No key' }, timestamp }),
      await host.emit('item.updated', { item: { ...ITEM, status_name: 'Open' }, timestamp }),
      await host.emit('item.created', { item: { ...ITEM, id: 9 }, timestamp }),
    ];
    assert.deepEqual(
      deliveries.map((made) => made.map(({ handler, ok }) => [handler, ok])),
      [[['on_item_updated', true]], [['on_item_updated', true]], [['on_item_updated', true]], []],
    );
    assert.deepEqual(await ask('GET', `/suggestions?day=${DAY}`), {
      status: 200,
      body: {
        day: DAY,
        suggestions: [
          { item: 7, key: 'OPS-12', title: 'Fix the <b>login</b>', status: 'Open', assignee: 'Ada' },
          { item: 8, key: '#8', title: 'No key', status: '', assignee: '' },
        ],
      },
    });
  });

  it('keeps the latest twenty suggestions', async () => {
    for (let id = 1; id <= 21; id++) await host.emit('item.updated', { item: { id }, timestamp: `${DAY}T12:00:00Z` });
    const { suggestions } = (await ask('GET', `/suggestions?day=${DAY}`)).body as { suggestions: { item: number }[] };
    assert.deepEqual(
      suggestions.map(({ item }) => item),
      Array.from({ length: 20 }, (_, index) => 21 - index),
    );
  });

  it('says that no mail was sent where there is no server', async () => {
    assert.equal(plugin.needsServer.has('mail'), true);
    await ask('PUT', '/settings', settings);
    await ask('POST', '/entries', { author: 'Ada', today: 'x', day: DAY });
    assert.deepEqual(
      await ask('POST', `/send?day=${DAY}`),
      refused(503, 'No mail was sent, since there is no mail server here: smtp sender not configured'),
    );
  });

  it('mails the summary of a day by the relay of the app', async () => {
    const relay = await scriptedRelay(
      result({ status: 'ok' }),
      result({ status: 'error', error: '550 no such person' }),
    );
    await plugin.uninstall({ wipe: true });
    host = await waitingHost({ relay: { url: relay.url, headers: { Authorization: 'Bearer of-the-app' } } });
    plugin = await host.install(PACKAGE);
    assert.isEmpty([...plugin.needsServer]);
    await ask('PUT', '/settings', settings);
    await ask('POST', '/entries', { author: 'Ada', yesterday: 'One,\ntwo', today: 'Three', day: DAY });
    await ask('POST', '/entries', { author: 'Grace', blockers: 'No key', day: DAY });
    const subject = `Stand-up of Orchid, ${DAY}`;
    assert.deepEqual(await ask('POST', `/send?day=${DAY}`), { status: 200, body: { subject, recipients: 2 } });
    const [seen] = await relay.seen();
    assert.equal(seen?.headers.authorization, 'Bearer of-the-app');
    const { plugin: sender, capability, arguments: mail } = JSON.parse(seen?.body ?? '');
    assert.deepEqual(sender, { id: 'standup', version: '1.0.0' });
    assert.equal(capability, 'mail');
    assert.deepEqual(mail, {
      to: settings.recipients,
      subject,
      text: 'Ada\n  Yesterday: One,\n    two\n  Today: Three\n\nGrace\n  In the way: No key\n',
    });
    assert.deepEqual(await ask('POST', `/send?day=${DAY}`), refused(502, 'No mail was sent: 550 no such person'));
  });

  it('sends nothing without recipients or entries', async () => {
    assert.deepEqual(
      await ask('POST', `/send?day=${DAY}`),
      refused(409, 'Nobody gets the summary yet; add an address in the settings'),
    );
    await ask('PUT', '/settings', settings);
    assert.deepEqual(
      await ask('POST', `/send?day=${DAY}`),
      refused(409, `There is nothing to send: nobody has said anything on ${DAY}`),
    );
  });

  it('answers 500 with the reason while it may not store anything, and takes that for no empty day', async () => {
    await ask('POST', '/entries', { author: 'Ada', today: 'x', day: DAY });
    await plugin.configure({ grant: 'none' });
    for (const [method, path, body] of [
      ['GET', `/entries?day=${DAY}`, undefined],
      ['POST', '/entries', { author: 'Grace', today: 'y', day: DAY }],
    ] as const) {
      const answer = await ask(method, path, body);
      assert.equal(answer.status, 500);
      assert.match((answer.body as { error: string }).error, /^Its store does not answer: ./);
    }
    await plugin.configure({ grant: 'manifest' });
    assert.lengthOf((await entriesOf()) as unknown[], 1);
  });

  it('answers nothing beside its routes', async () => {
    for (const [method, path] of [
      ['GET', '/entries/'],
      ['PUT', '/entries'],
      ['GET', '/nothing'],
    ] as const) {
      assert.equal((await host.fetch(`/api/plugins/standup${path}`, { method })).status, 404, `${method} ${path}`);
    }
  });
});
