// Secrets in the config of plugins: entered, never read, and sent only where they may go.

import { assert } from 'chai';
import type { ClocheError, Host, HostOptions, Plugin } from '../../../src/index.ts';
import { canary } from '../../helpers/canary.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { closeHosts, eventually, existing, killsOf, makeHost, uniqueStorage } from '../../helpers/hosts.ts';
import { deleted, requested } from '../../registry/records.ts';
import { answerTo, configured, type Echo, reads, type Wanted } from './configured-guest.ts';

afterEach(closeHosts);

const SECRET = 'sk-live-0123456789';
const HANDLE = '{{secret:token}}';
const SCHEMA = {
  type: 'object',
  properties: {
    endpoint: { type: 'string' },
    token: { type: 'string', writeOnly: true, pattern: '^sk-' },
    other: { type: 'string', writeOnly: true },
  },
};
const ECHO = canary.url('/echo');

const hostWith = (options: HostOptions = {}) => makeHost({ serviceWorker: '/cloche-sw.js', ...options });

async function installed(host: Host, wanted: Wanted = {}, config: object = { token: SECRET }): Promise<Plugin> {
  const source = await configured({ schema: SCHEMA, hosts: [canary.origin], ...wanted });
  return host.install(source, { config: { ...config } });
}

async function withSecret(options: HostOptions = {}): Promise<{ host: Host; plugin: Plugin }> {
  const host = await hostWith(options);
  return { host, plugin: await installed(host) };
}

const echoOf = async (plugin: Plugin, headers: Record<string, string>, url = ECHO): Promise<Echo> =>
  JSON.parse(await answerTo(plugin, url, headers)) as Echo;

/** What the other side has seen, which the plugin does not: in the canary's own words. */
async function seenBy(plugin: Plugin, header: string): Promise<string> {
  const id = crypto.randomUUID();
  await answerTo(plugin, canary.url(`/hit/${id}`), { 'X-Seen': header });
  const response = await fetch(canary.url(`/seen/${id}`));
  const { headers } = (await response.json()) as { headers: Record<string, string> };
  return headers['x-seen'] ?? '';
}

async function failureOf(work: Promise<unknown>): Promise<ClocheError> {
  return work.then(
    () => assert.fail('it should have failed'),
    (thrown: ClocheError) => thrown,
  );
}

/** Everything in the databases of a storage, as text; keys of WebCrypto have none. */
async function stored(storage: string): Promise<string> {
  const texts: string[] = [];
  for (const [name, store] of [
    ['plugins', 'plugins'],
    ['secrets', 'keys'],
  ] as const) {
    const db = await requested(() => indexedDB.open(`${storage}-${name}`));
    try {
      if (!db.objectStoreNames.contains(store)) continue;
      const values: unknown[] = await requested(() => db.transaction(store).objectStore(store).getAll());
      texts.push(
        JSON.stringify(values, (_, value: unknown) =>
          value instanceof CryptoKey ? [value.type, value.extractable] : value,
        ),
      );
    } finally {
      db.close();
    }
  }
  return texts.join('\n');
}

describe('a secret in the config of a plugin', () => {
  it('X1: is a handle to the guest, and to whoever asks for the config', async () => {
    const { plugin } = await withSecret();
    assert.equal(await reads(plugin, 'token'), HANDLE);
    assert.equal(await reads(plugin, 'other'), '');
    assert.deepEqual([...plugin.config], [['token', HANDLE]]);
    const configuration = await plugin.configuration();
    assert.include(['set', 'memory'], configuration.secrets.token);
    assert.equal(configuration.secrets.other, 'unset');
    assert.notInclude(JSON.stringify([configuration, [...plugin.settings.secrets], plugin.manifest]), SECRET);
  });

  it('X1: arrives in a header of a granted request, and comes back as a handle', async () => {
    const { plugin } = await withSecret();
    assert.equal(await seenBy(plugin, `Bearer ${HANDLE}`), `Bearer ${SECRET}`);
    const { headers } = await echoOf(plugin, { Authorization: `Bearer ${HANDLE}` });
    assert.equal(headers.authorization, `Bearer ${HANDLE}`);
  });

  it('X1: goes nowhere else in a request', async () => {
    const { plugin } = await withSecret();
    const { url } = await echoOf(plugin, {}, `${ECHO}?q=${HANDLE}`);
    assert.include(decodeURIComponent(url), HANDLE);
  });

  it('X1: goes to no host that was not granted, nor to one outside its own list', async () => {
    const host = await hostWith();
    const id = crypto.randomUUID();
    const ungranted = await installed(host, { id: 'a', hosts: ['https://api.example.com'] });
    const denied = await failureOf(answerTo(ungranted, canary.url(`/hit/${id}`), { X: HANDLE }));
    assert.equal(denied.code, 'PERMISSION_DENIED');
    const token = { type: 'string', writeOnly: true, 'x-hosts': ['https://api.example.com'] };
    const bound = await installed(host, { id: 'b', schema: { type: 'object', properties: { token } } });
    const kept = await failureOf(answerTo(bound, canary.url(`/hit/${id}`), { X: HANDLE }));
    assert.equal(kept.code, 'PERMISSION_DENIED');
    assert.include(kept.message, 'may go to https://api.example.com');
    assert.equal(await canary.count(id), 0);
  });

  it('X1: goes where it might when it was entered, whatever a later version says', async () => {
    const host = await hostWith();
    const schema = (hosts: string[]) => ({
      type: 'object',
      properties: { token: { type: 'string', writeOnly: true, 'x-hosts': hosts } },
    });
    const plugin = await installed(host, { schema: schema(['https://api.example.com']) });
    const next = await configured({ schema: schema([canary.origin]), hosts: [canary.origin], version: 2 });
    await host.install(next, { replace: 'keep' });
    assert.equal((await failureOf(answerTo(plugin, ECHO, { X: HANDLE }))).code, 'PERMISSION_DENIED');
    await plugin.configure({ config: { token: SECRET } });
    assert.equal((await echoOf(plugin, { X: HANDLE })).headers.x, HANDLE);
  });

  it('X1: follows no redirect', async () => {
    const { plugin } = await withSecret();
    const id = crypto.randomUUID();
    const to = encodeURIComponent(canary.url(`/hit/${id}`));
    const error = await failureOf(answerTo(plugin, canary.url(`/redirect?to=${to}`), { X: HANDLE }));
    assert.equal(error.code, 'HTTP_FAILED');
    assert.equal(await canary.count(id), 0);
  });

  it('is missing rather than sent as nothing', async () => {
    const { plugin } = await withSecret();
    const id = crypto.randomUUID();
    for (const handle of ['{{secret:other}}', '{{secret:endpoint}}', '{{secret:none}}']) {
      const error = await failureOf(answerTo(plugin, canary.url(`/hit/${id}`), { X: handle }));
      assert.equal(error.code, 'SECRET_UNAVAILABLE', handle);
    }
    assert.equal(await canary.count(id), 0);
  });

  it('X1: is in no log, error, event or record of a call', async () => {
    const { host, plugin } = await withSecret({ logLevel: 'debug' });
    const told: (readonly [string, string])[] = [];
    for (const type of ['log', 'hostcall', 'kill', 'pluginchange', 'delivery'] as const) {
      host.addEventListener(type, (event) => told.push([type, JSON.stringify({ ...event })]));
    }
    const kills = killsOf(host);
    await plugin.call('say', `my token is ${SECRET}!`);
    const error = await failureOf(plugin.call('fail', `no luck with ${SECRET}`));
    assert.equal(error.code, 'PLUGIN_ERROR');
    for (const text of [error.message, error.detail, error.stack]) assert.notInclude(text ?? '', SECRET);
    assert.include(error.message + error.detail, HANDLE);
    await failureOf(answerTo(plugin, `https://${SECRET}.example.com/`, {}));
    await answerTo(plugin, ECHO, { X: SECRET });
    const lines = host.logs('p').map(({ text }) => text);
    assert.include(lines, `my token is ${HANDLE}!`);
    assert.notInclude(JSON.stringify([lines, told, kills]), SECRET);
    assert.includeMembers([...new Set(told.map(([type]) => type))], ['log', 'hostcall']);
  });

  it('X1: is not even in the log of a page that has not used it', async () => {
    const storage = uniqueStorage();
    const { host } = await withSecret({ storage });
    await host.close();
    const again = await hostWith({ storage });
    const plugin = existing(again.get('p'));
    await plugin.call('say', SECRET);
    assert.include(
      again.logs('p').map(({ text }) => text),
      HANDLE,
    );
  });

  for (const [what, value] of [
    ['short', 'sk-1'],
    ['of more than one line', 'sk-0123\n456'],
    ['with blanks at its end', 'sk-0123456 '],
    ['of other letters', 'sk-ключ-ключ'],
    ['not a string', 12345678],
    ['not as its schema takes it', 'pk-0123456789'],
  ] as const) {
    it(`is refused where it is ${what}, without being told`, async () => {
      const { plugin } = await withSecret();
      const error = await failureOf(plugin.configure({ config: { token: value } }));
      assert.equal(error.code, 'CONFIG_INVALID');
      assert.notInclude(error.message + JSON.stringify(error.cause), `${value}`);
      assert.equal(await seenBy(plugin, HANDLE), SECRET);
    });
  }

  it('stays when the rest of the config is set, is replaced when it is named, and goes with null', async () => {
    const { plugin } = await withSecret();
    await plugin.configure({ config: { endpoint: 'x' } });
    assert.equal(await seenBy(plugin, HANDLE), SECRET);
    await plugin.configure({ config: { token: 'sk-another-one' } });
    assert.equal(await seenBy(plugin, HANDLE), 'sk-another-one');
    assert.equal(await reads(plugin, 'endpoint'), '');
    await plugin.configure({ config: { token: null } });
    assert.equal((await plugin.configuration()).secrets.token, 'unset');
    assert.equal((await failureOf(answerTo(plugin, ECHO, { X: HANDLE }))).code, 'SECRET_UNAVAILABLE');
  });

  it('is there beside one that is entered at the same time, and stays gone where one is taken away', async () => {
    const { plugin } = await withSecret();
    await Promise.all([
      plugin.configure({ config: { other: 'other-0123456789' } }),
      plugin.configure({ config: { token: null } }),
    ]);
    assert.deepEqual((await plugin.configuration()).secrets, { token: 'unset', other: 'set' });
  });

  it('is required as anything else, and counts once it is set', async () => {
    const host = await hostWith();
    const schema = { ...SCHEMA, required: ['token', 'endpoint'] };
    const plugin = await host.install(await configured({ schema }));
    await rejectsCode('CONFIG_INVALID', () => plugin.configure({ config: { endpoint: 'x' } }));
    await plugin.configure({ config: { endpoint: 'x', token: SECRET } });
    await plugin.configure({ config: { endpoint: 'y' } });
    assert.deepEqual((await plugin.configuration()).problems, []);
    await rejectsCode('CONFIG_INVALID', () => plugin.configure({ config: { endpoint: 'y', token: null } }));
  });
});

describe('secrets at rest', () => {
  it('X2: lie encrypted in the database, under a key that nobody can read', async () => {
    const storage = uniqueStorage();
    const { plugin } = await withSecret({ storage });
    const text = await stored(storage);
    assert.notInclude(text, SECRET);
    assert.notInclude(text, btoa(SECRET).slice(4, 20));
    if ((await plugin.configuration()).secrets.token === 'set') assert.include(text, '["secret",false]');
  });

  it('X2: are there after a reload, or say that they are not', async () => {
    const storage = uniqueStorage();
    const { host } = await withSecret({ storage });
    const kept = (await existing(host.get('p')).configuration()).secrets.token === 'set';
    await host.close();
    const plugin = existing((await hostWith({ storage })).get('p'));
    assert.equal(await seenBy(plugin, HANDLE), SECRET, kept ? 'from the database' : 'from this page, which lives on');
  });

  it('X2: cannot be used as those of another plugin or another field', async () => {
    const host = await hostWith();
    const [mine, other] = [await installed(host), await installed(host, { id: 'q' }, { other: 'other-secret' })];
    const [sealed] = [...mine.settings.secrets.values()];
    for (const name of ['token', 'other']) {
      const owner = name === 'token' ? other : mine;
      owner.adopt(owner.manifest, { ...owner.settings, secrets: new Map([[name, sealed ?? '']]) });
      const error = await failureOf(answerTo(owner, ECHO, { X: `{{secret:${name}}}` }));
      assert.equal(error.code, 'SECRET_UNAVAILABLE', name);
      assert.equal((await owner.configuration()).secrets[name], 'unavailable');
    }
  });

  it('X2: are unavailable once their key is gone, until they are entered again', async () => {
    const storage = uniqueStorage();
    const { plugin } = await withSecret({ storage });
    if ((await plugin.configuration()).secrets.token === 'memory') return;
    await deleted(`${storage}-secrets`);
    await plugin.reset();
    const id = crypto.randomUUID();
    const error = await failureOf(answerTo(plugin, canary.url(`/hit/${id}`), { X: HANDLE }));
    assert.equal(error.code, 'SECRET_UNAVAILABLE');
    assert.include(error.message, 'enter it again');
    assert.equal(await canary.count(id), 0);
    assert.equal((await plugin.configuration()).secrets.token, 'unavailable');
    assert.equal(await reads(plugin, 'token'), HANDLE, 'it runs on');
    await plugin.configure({ config: { token: SECRET } });
    assert.equal(await seenBy(plugin, HANDLE), SECRET);
  });

  it('go with the plugin, whether its data goes or not', async () => {
    const storage = uniqueStorage();
    const { host, plugin } = await withSecret({ storage });
    await plugin.uninstall();
    assert.notInclude(await stored(storage), '"token"');
    const next = await host.install(await configured({ schema: SCHEMA, hosts: [canary.origin] }), { data: 'keep' });
    assert.equal((await next.configuration()).secrets.token, 'unset');
  });

  it('stay with an update, and another plugin of the id does not find them', async () => {
    const host = await hostWith();
    const plugin = await installed(host);
    await host.install(await configured({ schema: SCHEMA, hosts: [canary.origin], version: 2 }), { replace: 'keep' });
    assert.equal(await seenBy(plugin, HANDLE), SECRET);
    const source = await configured({ schema: SCHEMA, hosts: [canary.origin], version: 3 });
    const other = await host.install(source, { replace: 'wipe' });
    assert.equal((await other.configuration()).secrets.token, 'unset');
  });

  it('wait with an update that waits, and come with it', async () => {
    const host = await hostWith();
    const plugin = await host.install(await configured({ schema: SCHEMA }));
    await host.install(await configured({ schema: SCHEMA, hosts: [canary.origin], version: 2 }), {
      replace: 'keep',
      config: { token: SECRET },
    });
    assert.equal((await plugin.configuration()).secrets.token, 'unset');
    await plugin.accept(plugin.pending?.sha256 ?? assert.fail('no update waits'));
    assert.equal(await seenBy(plugin, HANDLE), SECRET);
  });

  it('of a plugin that is only open are used, and nothing of them is stored', async () => {
    const storage = uniqueStorage();
    const host = await hostWith({ storage });
    const source = await configured({ schema: SCHEMA, hosts: [canary.origin] });
    const plugin = await host.open(source, { config: { token: SECRET } });
    assert.equal(await seenBy(plugin, HANDLE), SECRET);
    assert.notInclude(await stored(storage), 'token');
  });

  it('that were changed in one tab are used by the next call in the other', async () => {
    const storage = uniqueStorage();
    const { plugin } = await withSecret({ storage });
    const other = existing((await hostWith({ storage })).get('p'));
    assert.equal(await seenBy(other, HANDLE), SECRET);
    await plugin.configure({ config: { token: 'sk-changed-here' } });
    // A call that runs when it hears of it is ended.
    const seen = () => seenBy(other, HANDLE).catch(() => '');
    await eventually(async () => (await seen()) === 'sk-changed-here', 'the new secret in the other tab');
  });

  it('X2: are not what a field has that became a secret: its text is read by nobody any more', async () => {
    const host = await hostWith();
    const open = { type: 'object', properties: { token: { type: 'string' } } };
    const plugin = await installed(host, { schema: open });
    assert.equal(await reads(plugin, 'token'), SECRET);
    await host.install(await configured({ schema: SCHEMA, hosts: [canary.origin], version: 2 }), { replace: 'keep' });
    assert.equal(await reads(plugin, 'token'), '');
    assert.equal((await plugin.configuration()).secrets.token, 'unset');
  });
});
