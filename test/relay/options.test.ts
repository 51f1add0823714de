import { assert } from 'chai';
import { comments } from '../../src/capabilities/server/comments.ts';
import {
  type Capability,
  commands,
  createHost,
  defaultCapabilities,
  defineCapability,
  log,
  mail,
  type RelayOptions,
} from '../../src/index.ts';
import { openRelay } from '../../src/relay/relay.ts';
import { hear } from '../capabilities/hear.ts';
import { result, scriptedRelay } from '../capabilities/scripted-relay.ts';
import { throwsCode } from '../helpers/expect-code.ts';
import { closeHosts, makeHost } from '../helpers/hosts.ts';
import { callRelay, failureOf } from './call.ts';

const TOKEN = 't0ken-of-the-app-1234567890';
const DONE = result({ note: 'done' });

/** What the page hears of an exception that nobody caught, in place of the test runner. */
async function reportedDuring(action: () => Promise<unknown>): Promise<unknown[]> {
  const reported: unknown[] = [];
  const before = globalThis.onerror;
  globalThis.onerror = (...[, , , , error]) => reported.push(error) > 0;
  try {
    await action();
  } finally {
    globalThis.onerror = before;
  }
  return reported;
}

describe('option `relay`', () => {
  describe('url', () => {
    for (const url of [
      'https://relay.example',
      'https://relay.example:8443/a/b/',
      'http://localhost:8080/relay',
      'http://plugins.localhost/',
      'http://127.0.0.1:1',
      'http://127.9.9.9',
      'http://[::1]:8080',
      '/relay',
    ]) {
      it(`takes ${url}`, () => assert.isObject(openRelay({ url })));
    }

    it('takes a URL object', () => assert.isObject(openRelay({ url: new URL('https://relay.example/x') })));

    const refused: [url: unknown, wording: RegExp][] = [
      [undefined, /`relay\.url` to be a URL/],
      [1, /to be a URL/],
      ['https://', /to be a URL/],
      ['http://relay.example', /https, or http on this machine/],
      ['http://localhost.evil.example', /https, or http on this machine/],
      ['http://127.0.0.1.evil.example', /https, or http on this machine/],
      ['ws://localhost', /https, or http on this machine/],
      ['file:///relay', /https, or http on this machine/],
      ['data:text/plain,x', /https, or http on this machine/],
      ['javascript:alert(1)', /https, or http on this machine/],
      [`https://user:${TOKEN}@relay.example`, /no user name, password/],
      ['https://user@relay.example', /no user name, password/],
      [`https://relay.example?token=${TOKEN}`, /query/],
      ['https://relay.example/#x', /fragment/],
    ];
    for (const [url, wording] of refused) {
      it(`refuses ${String(url).replace(TOKEN, 'TOKEN')}, without quoting it`, () => {
        throwsCode('OPTION_INVALID', () => openRelay({ url: url as string }), wording);
        throwsCode('OPTION_INVALID', () => openRelay({ url: url as string }), new RegExp(`^((?!${TOKEN}).)*$`));
      });
    }
  });

  describe('headers', () => {
    it('may be an object, pairs, Headers, or a function of any of them, async or not', async () => {
      const given: NonNullable<RelayOptions['headers']>[] = [
        { Authorization: TOKEN },
        [['Authorization', TOKEN]],
        new Headers({ Authorization: TOKEN }),
        () => ({ Authorization: TOKEN }),
        async () => new Headers({ Authorization: TOKEN }),
      ];
      for (const headers of given) {
        const relay = await scriptedRelay(DONE);
        await callRelay({ url: relay.url, headers });
        assert.equal((await relay.seen())[0]?.headers.authorization, TOKEN);
      }
    });

    it('are what they were when the relay was given', async () => {
      const server = await scriptedRelay(result({ status: 'ok', comment_id: 1 }));
      const headers = { Authorization: TOKEN };
      const capability = comments({ relay: { url: server.url, headers } });
      headers.Authorization = 'another';
      await hear(capability, 'create_comment', { item_id: 1, author_id: 1, content: 'x' });
      assert.equal((await server.seen())[0]?.headers.authorization, TOKEN);
    });

    it('N13: are not quoted when they are not valid', () => {
      for (const headers of [{ Authorization: `${TOKEN}\nx` }, { [`${TOKEN} `]: 'x' }, [[TOKEN]], 5]) {
        const open = () => openRelay({ url: 'https://relay.example', headers: headers as HeadersInit });
        throwsCode('OPTION_INVALID', open, new RegExp(`^((?!${TOKEN}).)*\`relay\\.headers\`((?!${TOKEN}).)*$`));
      }
    });

    const failing: [what: string, headers: () => HeadersInit | Promise<HeadersInit>][] = [
      [
        'throws',
        () => {
          throw new Error(`no ${TOKEN}`);
        },
      ],
      ['rejects', () => Promise.reject(new Error(`no ${TOKEN}`))],
      ['gives what is not a header', () => ({ Authorization: `${TOKEN}\nx` })],
      ['gives nothing', () => undefined as unknown as HeadersInit],
    ];
    for (const [what, headers] of failing) {
      it(`N13: a function that ${what}: the page hears of it, the plugin only that it failed`, async () => {
        const relay = await scriptedRelay(DONE);
        const isUndefined = what === 'gives nothing';
        const reported = await reportedDuring(async () => {
          if (isUndefined) return assert.equal(await callRelay({ url: relay.url, headers }), 'done');
          const failure = await failureOf({ url: relay.url, headers });
          assert.equal(failure.heard, 'relay credentials unavailable');
          assert.notInclude(failure.message, TOKEN);
          assert.isUndefined(failure.cause);
        });
        assert.lengthOf(reported, isUndefined ? 0 : 1);
        assert.lengthOf(await relay.seen(), isUndefined ? 1 : 0);
      });
    }

    it('a function that never answers costs the call its time, and nothing more', async () => {
      const relay = await scriptedRelay(DONE);
      const failure = await failureOf(
        { url: relay.url, headers: () => new Promise(() => undefined) },
        { remainingMs: 300 },
      );
      assert.equal(failure.heard, 'relay did not answer in time');
      assert.isEmpty(await relay.seen());
    });
  });

  describe('N13: an answer that gives the token back', () => {
    const echoing = result({ note: `you said ${TOKEN}!` });
    for (const headers of [
      { Authorization: `Bearer ${TOKEN}` },
      { Authorization: TOKEN },
      { 'X-Api-Key': TOKEN },
      { 'X-Session': TOKEN },
    ]) {
      it(`is withheld: ${Object.keys(headers)[0]}`, async () => {
        const failure = await failureOf({ url: (await scriptedRelay(echoing)).url, headers });
        assert.equal(failure.heard, 'relay answer withheld');
        assert.notInclude(failure.message, TOKEN);
      });
    }

    const places: [where: string, value: unknown][] = [
      ['in a field that nobody reads', { note: 'done', debug: TOKEN }],
      ['in a list in an object', { note: 'done', seen: { headers: [['authorization', `Bearer ${TOKEN}`]] } }],
      ['as the name of a field', { note: 'done', [TOKEN]: 1 }],
    ];
    for (const [where, value] of places) {
      it(`is withheld, ${where}`, async () => {
        const headers = { Authorization: `Bearer ${TOKEN}` };
        const failure = await failureOf({ url: (await scriptedRelay(result(value))).url, headers });
        assert.equal(failure.heard, 'relay answer withheld');
      });
    }

    it('is withheld, as a number', async () => {
      const failure = await failureOf({
        url: (await scriptedRelay(result({ note: 'done', id: 4815162342 }))).url,
        headers: { 'X-Token': '4815162342' },
      });
      assert.equal(failure.heard, 'relay answer withheld');
    });

    it('the twin: what is not a secret goes through, and so does the name of a scheme', async () => {
      const { url } = await scriptedRelay(echoing);
      assert.include(await callRelay({ url, headers: { 'X-Site': TOKEN } }), TOKEN);
      const { url: scheme } = await scriptedRelay(result({ note: 'Negotiate' }));
      assert.equal(await callRelay({ url: scheme, headers: { Authorization: `Negotiate ${TOKEN}` } }), 'Negotiate');
    });
  });
});

describe('capabilities and the relay of a host', () => {
  after(closeHosts);

  const relay: RelayOptions = { url: 'https://relay.example' };
  const items = defineCapability({ name: 'items', functions: {} });
  const unserved = (capabilities: readonly Capability[]) =>
    capabilities.filter(({ needsServer }) => needsServer !== undefined).map(({ name }) => name);

  it('by default has those that need a server, and says so', async () => {
    const { capabilities } = await makeHost();
    assert.includeMembers(
      capabilities.map(({ name }) => name),
      ['log', 'kv', 'http', 'dialogs', 'mail', 'comments', 'scm', 'commands'],
    );
    assert.sameMembers(unserved(capabilities), ['mail', 'comments', 'scm', 'commands']);
  });

  it('serves them all with a relay', async () => {
    assert.isEmpty(unserved((await makeHost({ relay })).capabilities));
  });

  it('serves those of a list that have none, and leaves the others as they are', async () => {
    const own = mail({ relay: { url: 'https://mail.example' } });
    const { capabilities } = await makeHost({ relay, capabilities: [log(), own, commands(), items] });
    assert.deepEqual(
      capabilities.map(({ name }) => name),
      ['log', 'mail', 'commands', 'items'],
    );
    assert.isEmpty(unserved(capabilities));
    assert.strictEqual(capabilities[1], own);
  });

  it('takes one away by filtering the list', async () => {
    const capabilities = defaultCapabilities({ relay }).filter(({ name }) => name !== 'commands');
    const host = await makeHost({ capabilities: [...capabilities, items] });
    assert.isUndefined(host.capabilities.find(({ name }) => name === 'commands'));
    assert.isEmpty(unserved(host.capabilities));
  });

  it('refuses a relay that would serve nothing, and says how to use it', async () => {
    for (const capabilities of [[], [log(), items], [{ ...comments() }]]) {
      let message = '';
      await createHost({ relay, capabilities }).catch((thrown: Error) => {
        message = thrown.message;
      });
      assert.include(message, '[...defaultCapabilities({ relay }), items]');
    }
  });

  it('refuses a relay that is not valid, with its list or without', async () => {
    for (const options of [{}, { capabilities: [mail()] }]) {
      let code = '';
      await createHost({ relay: { url: 'http://relay.example' }, ...options }).catch((thrown: { code: string }) => {
        code = thrown.code;
      });
      assert.equal(code, 'OPTION_INVALID');
    }
    throwsCode('OPTION_INVALID', () => defaultCapabilities({ relay: { url: 'ftp://relay.example' } }));
  });
});
