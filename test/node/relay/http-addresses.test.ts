import assert from 'node:assert/strict';
import type { LookupFunction } from 'node:net';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import type { AuditLine } from '../../../demo/relay/audit.ts';
import { readRelayConfig } from '../../../demo/relay/config.ts';
import { RequestFailure } from '../../../demo/relay/http/request-failure.ts';
import { addressRefusal } from '../../../demo/relay/node/addresses.ts';
import { createUpstream, type UpstreamAgent } from '../../../demo/relay/node/upstream.ts';
import { createRelay } from '../../../demo/relay/relay.ts';
import { type RelayUnderTest, startRelay, testConfig, toInit } from './relay-under-test.ts';
import { startUpstream, type UpstreamUnderTest } from './upstream.ts';

/** How a host may be written in a URL, and the rule that refuses its address. */
const SPELLINGS = [
  ['127.0.0.1', 'loopback'],
  ['127.1', 'loopback'],
  ['127.0.1', 'loopback'],
  ['2130706433', 'loopback'],
  ['0x7f000001', 'loopback'],
  ['0x7f.0.0.1', 'loopback'],
  ['0177.0.0.1', 'loopback'],
  ['017700000001', 'loopback'],
  ['127.0.0.1.', 'loopback'],
  ['①②⑦.⓪.⓪.①', 'loopback'],
  ['127。0。0。1', 'loopback'],
  ['%31%32%37.0.0.1', 'loopback'],
  ['127.255.255.254', 'loopback'],
  ['0.0.0.0', 'unspecified'],
  ['0', 'unspecified'],
  ['0.1.2.3', 'unspecified'],
  ['10.0.0.1', 'private'],
  ['0xa000001', 'private'],
  ['172.16.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['192.168.0.1', 'private'],
  ['3232235521', 'private'],
  ['169.254.169.254', 'linkLocal'],
  ['0xa9fea9fe', 'linkLocal'],
  ['0251.0376.0251.0376', 'linkLocal'],
  ['100.64.0.1', 'carrierGradeNat'],
  ['100.100.100.200', 'carrierGradeNat'],
  ['168.63.129.16', 'metadata'],
  ['192.0.0.192', 'reserved'],
  ['198.18.0.1', 'reserved'],
  ['192.0.2.1', 'reserved'],
  ['224.0.0.1', 'multicast'],
  ['240.0.0.1', 'reserved'],
  ['255.255.255.255', 'broadcast'],
  ['[::]', 'unspecified'],
  ['[::1]', 'loopback'],
  ['[0:0:0:0:0:0:0:1]', 'loopback'],
  ['[::ffff:127.0.0.1]', 'ipv4Mapped'],
  ['[::ffff:7f00:1]', 'ipv4Mapped'],
  ['[::ffff:8.8.8.8]', 'ipv4Mapped'],
  ['[::127.0.0.1]', 'reserved'],
  ['[::7f00:1]', 'reserved'],
  ['[::ffff:0:127.0.0.1]', 'rfc6145'],
  ['[64:ff9b::127.0.0.1]', 'rfc6052'],
  ['[64:ff9b::a9fe:a9fe]', 'rfc6052'],
  ['[64:ff9b:1::a00:1]', 'rfc6052'],
  ['[2002:7f00:1::]', '6to4'],
  ['[2001:0:5ef5:79fb::1]', 'teredo'],
  ['[2001:db8::1]', 'reserved'],
  ['[fc00::1]', 'uniqueLocal'],
  ['[fd00:ec2::254]', 'uniqueLocal'],
  ['[fe80::1]', 'linkLocal'],
  ['[fec0::1]', 'deprecatedSiteLocal'],
  ['[ff02::1]', 'multicast'],
  ['[100::1]', 'discard'],
  ['[5f00::1]', 'segmentRouting'],
  ['[4000::1]', 'reserved'],
] as const;

/** What the URL parser makes of it, which is what the grant is about as well. */
const canonical = (host: string) => new URL(`http://${host}/`).hostname.replace(/\.$/, '');

describe('addresses', () => {
  for (const address of ['1.1.1.1', '8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450::1']) {
    it(`${address} is public`, () => assert.equal(addressRefusal(address), undefined));
  }

  it('that carry another in IPv6 are refused, whatever they carry', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const [high, low] = [0, 2].map((at) => {
          const [one = 0, two = 0] = address.split('.').slice(at).map(Number);
          return ((one << 8) | two).toString(16);
        });
        const carrying = ['::', '::ffff:', '::ffff:0:', '64:ff9b::', '64:ff9b:1::'].map(
          (head) => `${head}${high}:${low}`,
        );
        for (const text of [...carrying, `2002:${high}:${low}::1`])
          assert.notEqual(addressRefusal(text), undefined, text);
      }),
    );
  });

  it('are public only in ranges that the library has no other word for', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        if (addressRefusal(text) === undefined) assert.equal(ipaddr.parse(text).range(), 'unicast');
      }),
    );
  });

  for (const text of ['', 'localhost', '127.0.0.1 ', '1.1.1.1.1']) {
    it(`${JSON.stringify(text)} is none`, () => assert.equal(addressRefusal(text), 'no address'));
  }
});

describe('a request to an address', () => {
  let relay: RelayUnderTest;
  before(async () => {
    const { callers } = await testConfig();
    // Granted by name, so that nothing but the address stands against it.
    const allow = SPELLINGS.flatMap(([host]) => [`http://${canonical(host)}`, `https://${canonical(host)}`]);
    relay = await startRelay({ callers: [{ ...callers[0], plugins: { standup: { http: { allow } } } }] });
  });
  after(() => relay.end());

  for (const [host, rule] of SPELLINGS) {
    it(`is refused as ${rule} for ${host}, and the plugin hears no more than that nobody is there`, async () => {
      const { body } = await relay.call('http_fetch', { url: `http://${host}/latest/meta-data` });
      const origin = `http://${canonical(host)}`;
      assert.deepEqual(body, { result: { status: 'error', error: `No answer from ${origin}: it cannot be reached` } });
      const { outcome, reason } = relay.audit().at(-1) ?? {};
      assert.deepEqual([outcome, reason], ['error', `address: ${canonical(host).replace(/[[\]]/g, '')} is ${rule}`]);
    });
  }
});

describe('a request to a name', () => {
  let server: UpstreamUnderTest;
  let upstream: UpstreamAgent | undefined;
  before(async () => {
    server = await startUpstream({
      '/': (_, response) => response.end('reached'),
      '/close': (_, response) => response.setHeader('Connection', 'close').end('reached'),
    });
  });
  after(() => server.close());

  /** Loopback is this test's internet: 127.0.0.1 counts as public there, and the rest of it does not. */
  const refusal = (address: string) => (address === '127.0.0.1' ? undefined : addressRefusal(address));

  async function asked(answers: readonly (readonly string[])[], isInner = false) {
    let lookups = 0;
    const resolve: LookupFunction = (_, options, callback) => {
      assert.equal(options.all, true);
      const addresses = answers[Math.min(lookups++, answers.length - 1)] ?? [];
      callback(
        null,
        addresses.map((address) => ({ address, family: 4 })),
      );
    };
    await upstream?.close();
    const agent = createUpstream({ resolve, refusal });
    upstream = agent;
    const send = async (): Promise<string> => {
      const url = new URL(server.url('/', 'rebind.example'));
      const request = { url, method: 'GET', headers: new Headers(), body: null, isInner };
      try {
        const { body } = await agent.send({ ...request, signal: AbortSignal.timeout(5_000) });
        return await new Response(body).text();
      } catch (error) {
        if (error instanceof RequestFailure) return error.reason;
        throw error;
      }
    };
    return { agent, send, lookups: () => lookups };
  }
  after(() => upstream?.close());

  it('N9: goes to the address that was checked, though the name has another one by then', async () => {
    const { send, lookups } = await asked([['127.0.0.1'], ['127.0.0.2']]);
    assert.equal(await send(), 'reached');
    assert.equal(lookups(), 1);
    assert.equal(server.seen.at(-1)?.headers.host, `rebind.example:${server.port}`);
  });

  it('N9: is refused by the next lookup that gives an inner address', async () => {
    const { send } = await asked([['127.0.0.2'], ['127.0.0.1']]);
    const before = server.seen.length;
    assert.equal(await send(), 'address: rebind.example is 127.0.0.2, loopback');
    assert.equal(server.seen.length, before);
  });

  it('N9: is refused where one of its addresses is inside', async () => {
    for (const addresses of [
      ['127.0.0.1', '10.0.0.1'],
      ['10.0.0.1', '127.0.0.1'],
    ]) {
      const { send } = await asked([addresses]);
      assert.equal(await send(), 'address: rebind.example is 10.0.0.1, private');
    }
  });

  it('N9: has a line in the audit where it has changed since the last request, and its plugin hears what it always does', async () => {
    const { agent } = await asked([['127.0.0.1'], ['10.0.0.1']]);
    const origin = server.url('', 'rebind.example');
    const { callers } = await testConfig();
    const plugins = { standup: { http: { allow: [origin] } } };
    const lines: AuditLine[] = [];
    const app = createRelay(readRelayConfig({ callers: [{ ...callers[0], plugins }] }), {
      database: { batch: () => Promise.reject(new Error('not reached')) },
      upstream: agent,
      audit: (line) => lines.push(line),
      report: assert.ifError,
    });
    const ask = async () => {
      const response = await app.request('/v1/http_fetch', toInit('http_fetch', { url: `${origin}/close` }, {}));
      return ((await response.json()) as { result: { status: unknown; error?: string } }).result;
    };
    assert.equal((await ask()).status, 200);
    assert.deepEqual(await ask(), { status: 'error', error: `No answer from ${origin}: it cannot be reached` });
    assert.deepEqual(
      lines.map(({ outcome, reason }) => [outcome, reason]),
      [
        ['ok', undefined],
        ['error', 'address: rebind.example is 10.0.0.1, private'],
      ],
    );
  });

  it('goes wherever it leads where the operator has named it, and only then', async () => {
    const inner = await asked([['127.0.0.1']], true);
    assert.equal(await inner.send(), 'reached');
    const nowhere = await asked([[]]);
    assert.match(await nowhere.send(), /^unreachable: rebind\.example/);
  });
});
