// An integration as Windshift's are written, in its sandbox, against the API of a tracker: by `http({ via: 'relay' })` and the
// reference relay, which alone has the token.

import { assert } from 'chai';
import { type Host, http, kv, log, type Plugin, type RelayOptions } from '../../src/index.ts';
import { ELSEWHERE, type ReferenceRelay, referenceRelay } from '../capabilities/reference-relay.ts';
import { builtPlugin } from '../helpers/built-plugin.ts';
import { canary } from '../helpers/canary.ts';
import { closeHosts, makeHost, uniqueStorage } from '../helpers/hosts.ts';
import { dumpDatabases } from '../helpers/stored-databases.ts';
import { packageOf } from '../host/windshift/guest.ts';
import { tapWires, type WireTap } from '../host/wire-tap.ts';

const HANDLE = '{{secret:token}}';
const EVERY_STORY = [101, 102, 103, 104, 105, 106, 107];

interface State {
  epics: number;
  stories: number[];
  next: string;
  file: string;
  error: string;
}

interface Asked {
  method: string;
  path: string;
  token: 'right' | 'wrong' | 'none';
  authorization: 'right' | 'wrong' | 'none';
  body: string;
}

describe('an integration, by the reference relay', () => {
  let relay: ReferenceRelay;
  let source: File;
  let tap: WireTap | undefined;
  before(async () => {
    const [manifest, wasm, reference] = await Promise.all([
      fetch('/test/fixtures/plugins/tracker/manifest.json').then((response) => response.json()),
      builtPlugin('tracker'),
      referenceRelay(),
    ]);
    relay = reference;
    source = packageOf(manifest as object, wasm);
  });
  afterEach(async () => {
    tap?.remove();
    await closeHosts();
  });

  interface Stage {
    readonly host: Host;
    readonly plugin: Plugin;
    readonly storage: string;
    readonly base: string;
    /** What has come back from the plugin's routes, and from the relay to the page. */
    readonly came: string[];
    sync(): Promise<State>;
    state(): Promise<State>;
    asked(): Promise<Asked[]>;
    fails(failures: Readonly<Record<string, object>>): Promise<unknown>;
  }

  async function stage(token = HANDLE): Promise<Stage> {
    const id = crypto.randomUUID();
    const base = canary.url(`/tracker/${id}`);
    const storage = uniqueStorage();
    const came: string[] = [];
    const heard = async (response: Response): Promise<Response> => {
      came.push([...response.headers].join('\n'), await response.clone().text());
      return response;
    };
    const options: RelayOptions = { ...relay.options, fetch: async (...args) => heard(await fetch(...args)) };
    const host = await makeHost({
      storage,
      serviceWorker: '/cloche-sw.js',
      audit: true,
      capabilities: [log(), kv({ storage }), http({ via: 'relay', relay: options })],
    });
    const allow = [base, `${ELSEWHERE}/tracker`];
    const plugin = await host.install(source, { grant: { http: { allow, methods: ['GET', 'POST'] }, kv: true } });
    const ask = async (method: string, path: string, body?: object): Promise<State> => {
      const init = { method, ...(body && { body: JSON.stringify(body) }) };
      const response = await heard(await host.fetch(`/api/plugins/tracker${path}`, init));
      assert.equal(response.status, body ? 204 : 200);
      return (body ? undefined : await response.json()) as State;
    };
    await ask('PUT', '/settings', { base, token });
    return {
      host,
      plugin,
      storage,
      base,
      came,
      sync: () => ask('POST', '/sync'),
      state: () => ask('GET', '/state'),
      asked: async () => (await fetch(canary.url(`/tracker-asked/${id}`))).json() as Promise<Asked[]>,
      fails: (failures) =>
        fetch(canary.url(`/tracker-fails/${id}`), { method: 'POST', body: JSON.stringify(failures) }),
    };
  }

  it('reads page after page, with its token wherever its origin redirects to, and without at another', async () => {
    const { sync, asked } = await stage();
    const done = { epics: 2, stories: EVERY_STORY, next: '', file: 'what is attached', error: '' };
    assert.deepEqual(await sync(), done);
    const seen = await asked();
    assert.deepEqual(
      seen.map(({ method, path, token, authorization }) => `${method} ${path} ${token} ${authorization}`),
      [
        'GET /epics right right',
        'GET /v4/epics?all=1 right right',
        'POST /stories/search right right',
        'GET /stories?after=3 right right',
        'GET /stories?after=6 right right',
        'GET /files/7 right right',
        'GET /elsewhere right right',
        'GET /stored/7 none none',
      ],
    );
    assert.equal(seen[2]?.body, '{"archived":false}');
  });

  it('hears a 429 in the middle as the API says it, and goes on at that page when it runs by its schedule', async () => {
    const { sync, state, fails, asked, plugin, base } = await stage();
    await fails({ '/stories': { status: 429, retryAfter: '7', once: true } });
    const { stories, next, error } = await sync();
    assert.deepEqual([stories, next], [[101, 102, 103], `${base}/stories?after=3`]);
    assert.equal(error, `/stories?after=3: status 429: No, ${HANDLE}, again in 7 s`);
    await plugin.call('sync_tick');
    const after = await state();
    assert.deepEqual([after.stories, after.error], [EVERY_STORY, '']);
    assert.lengthOf(
      (await asked()).filter(({ path }) => path === '/stories/search'),
      1,
    );
  });

  it('hears a 500, and a 401 for a token of its own that is wrong', async () => {
    const { sync, fails } = await stage();
    await fails({ '/stories/search': { status: 500 } });
    assert.equal((await sync()).error, `/stories/search: status 500: No, ${HANDLE}`);
    const wrong = await stage('nobody');
    assert.equal((await wrong.sync()).error, '/epics: status 401: Not a token: nobody');
  });

  it('hears a 502 where the relay has no such secret, and the API hears nothing', async () => {
    const { sync, asked } = await stage('{{secret:other}}');
    assert.equal((await sync()).error, '/epics: status 502: The relay has no secret "other" for this plugin');
    assert.isEmpty(await asked());
  });

  it('X1: has its token nowhere but at the API, whatever that quotes of it', async () => {
    tap = tapWires();
    const { host, storage, came, sync, fails, asked } = await stage();
    await fails({ '/stories': { status: 429, once: true } });
    await sync();
    await sync();
    assert.isTrue((await asked()).some(({ token }) => token === 'right'));
    const audit: string[] = [];
    for await (const entry of host.audit?.entries() ?? []) audit.push(JSON.stringify(entry));
    const places = {
      wires: tap.text(),
      answers: came.join('\n'),
      logs: JSON.stringify(host.logs('tracker')),
      storage: JSON.stringify(await dumpDatabases(storage)),
    };
    for (const [place, text] of Object.entries(places)) {
      assert.isTrue(
        forms(HANDLE).some((form) => text.includes(form)),
        `the handle is in the ${place}`,
      );
      assertHasNo(relay.secret, place, text);
    }
    assert.isNotEmpty(audit);
    assertHasNo(relay.secret, 'audit', audit.join('\n'));
    assertHasNo(relay.secret, 'document', document.documentElement.outerHTML);
    const told = await relay.told();
    assert.include(told, '"plugin":"tracker"');
    assertHasNo(relay.secret, 'relay', told);
    assert.notInclude(told, '/stories', 'nor what was asked');
  });
});

/** As it stands, and in base64 at each of its three places in a group. */
function forms(text: string): string[] {
  const inBase64 = ['', '_', '__'].map((before) => btoa(before + text).slice(before.length && 4, -4));
  return [text, ...inBase64];
}

function assertHasNo(secret: string, place: string, text: string): void {
  for (const form of forms(secret)) assert.isFalse(text.includes(form), `the secret is in the ${place}`);
}
