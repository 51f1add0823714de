import { assert } from 'chai';
import fc from 'fast-check';
import { entryCovers, parseHostEntry } from '../../../src/capabilities/http/host-pattern.ts';
import { parseRequestUrl } from '../../../src/capabilities/http/request-url.ts';
import { ClocheError } from '../../../src/errors.ts';
import { throwsCode } from '../../helpers/expect-code.ts';

const OWN = 'https://app.example.com';

type Verdict = 'allow' | 'deny' | 'bad URL';

function verdict(entry: string, url: string): Verdict {
  const parsed = parseHostEntry(entry);
  try {
    return entryCovers(parsed, parseRequestUrl(url), OWN) ? 'allow' : 'deny';
  } catch (error) {
    if (error instanceof ClocheError && error.code === 'HTTP_FAILED') return 'bad URL';
    throw error;
  }
}

/** Entry, URL, verdict. */
const TABLE: Record<string, [entry: string, url: string, expected: Verdict][]> = {
  'N2: spelling of hosts': [
    ['ok.com', 'https://ok.com/', 'allow'],
    ['OK.com', 'https://oK.CoM/', 'allow'],
    ['ok.com.', 'https://ok.com/', 'allow'],
    ['ok.com', 'https://ok.com./', 'allow'],
    ['ok.com', 'https://ok.com../', 'bad URL'],
    ['ok.com', 'https://.ok.com/', 'bad URL'],
    ['ok.com', 'https://ok..com/', 'bad URL'],
    ['ok.com', 'https://ok%2ecom/', 'allow'],
    ['ok.com', 'https:ok.com', 'allow'],
    ['ok.com', 'https:\\\\ok.com\\', 'allow'],
    ['ok.com', '\thttps://o\nk.com/', 'allow'],
    ['ok.com', '//ok.com/', 'bad URL'],
    ['ok.com', 'ok.com', 'bad URL'],
    ['ok.com', '', 'bad URL'],
    ['ok.com', 'https://ok.com@evil.com/', 'bad URL'],
    ['ok.com', 'https://ok.com:x@evil.com/', 'bad URL'],
    ['ok.com', 'https://ok.com\t@evil.com/', 'bad URL'],
    ['ok.com', 'https://evil.com/@ok.com', 'deny'],
    ['ok.com', 'https://evil.com\\@ok.com', 'deny'],
    ['ok.com', 'https://evil.com#@ok.com', 'deny'],
    ['ok.com', 'https://evil.com?.ok.com', 'deny'],
    ['ok.com', 'https://ok.com\\@evil.com', 'allow'],
    ['ok.com', 'https://ok.com.evil.com/', 'deny'],
    ['ok.com', 'https://evilok.com/', 'deny'],
    ['ok.com', 'https://www.ok.com/', 'deny'],
    ['bücher.de', 'https://xn--bcher-kva.de/', 'allow'],
    ['xn--bcher-kva.de', 'https://BÜCHER.de/', 'allow'],
    ['ok.com', 'https://оk.com/', 'deny'],
    ['ok.com', 'https://ok。com/', 'allow'],
    ['ok.com', `https://${'a'.repeat(300)}.com/`, 'bad URL'],
  ],
  'N3: schemes and ports': [
    ['ok.com', 'http://ok.com/', 'deny'],
    ['ok.com', 'https://ok.com:443/', 'allow'],
    ['ok.com', 'https://ok.com:8443/', 'deny'],
    ['ok.com', 'ws://ok.com/', 'bad URL'],
    ['ok.com', 'wss://ok.com/', 'bad URL'],
    ['ok.com', 'ftp://ok.com/', 'bad URL'],
    ['ok.com', 'data:text/plain,ok.com', 'bad URL'],
    ['ok.com', 'blob:https://ok.com/b0d8f6d0', 'bad URL'],
    ['ok.com', 'file:///ok.com', 'bad URL'],
    ['ok.com', 'javascript:fetch("https://ok.com")', 'bad URL'],
    ['ok.com', 'about:blank', 'bad URL'],
    ['https://ok.com', 'https://ok.com/', 'allow'],
    ['https://ok.com:443', 'https://ok.com/', 'allow'],
    ['HTTPS://ok.com:0443', 'https://ok.com/', 'allow'],
    ['https://ok.com:8443', 'https://ok.com:8443/', 'allow'],
    ['https://ok.com:8443', 'https://ok.com/', 'deny'],
    ['https://ok.com', 'http://ok.com/', 'deny'],
    ['http://ok.com', 'http://ok.com/', 'allow'],
    ['http://ok.com', 'https://ok.com/', 'deny'],
    ['http://ok.com', 'http://ok.com:443/', 'deny'],
    ['https://*.ok.com:8443', 'https://a.ok.com:8443/', 'allow'],
    ['https://*.ok.com:8443', 'https://a.ok.com/', 'deny'],
  ],
  'N4: wildcards': [
    ['*.ok.com', 'https://a.ok.com/', 'allow'],
    ['*.ok.com', 'https://a.b.ok.com/', 'allow'],
    ['*.OK.com.', 'https://a.ok.com/', 'allow'],
    ['*.ok.com', 'https://ok.com/', 'deny'],
    ['*.ok.com', 'https://aok.com/', 'deny'],
    ['*.ok.com', 'https://a.ok.com.evil.com/', 'deny'],
    ['*.ok.com', 'http://a.ok.com/', 'deny'],
    ['*.ok.co.uk', 'https://a.ok.co.uk/', 'allow'],
    ['*.me.github.io', 'https://a.me.github.io/', 'allow'],
    ['*.bücher.de', 'https://a.xn--bcher-kva.de/', 'allow'],
    ['api*.ok.com', 'https://api.ok.com/', 'allow'],
    ['api*.ok.com', 'https://api2.ok.com/', 'allow'],
    ['api*.ok.com', 'https://my.api2.ok.com/', 'deny'],
    ['eu-?.ok.com', 'https://eu-1.ok.com/', 'allow'],
    ['eu-?.ok.com', 'https://eu-10.ok.com/', 'deny'],
    ['a.*.ok.com', 'https://a.b.ok.com/', 'allow'],
    ['a*b*c.ok.com', 'https://aXbXbXc.ok.com/', 'allow'],
    ['a*b*c.ok.com', 'https://aXbXbX.ok.com/', 'deny'],
    ['*', 'https://any.example.net/', 'allow'],
    ['*', 'https://any.example.net:8443/', 'deny'],
    ['*', 'http://any.example.net/', 'deny'],
  ],
  'N4: addresses and private names': [
    ['*', 'https://127.0.0.1/', 'deny'],
    ['*', 'https://8.8.8.8/', 'deny'],
    ['*', 'https://2130706433/', 'deny'],
    ['*', 'https://0x7f.1/', 'deny'],
    ['*', 'https://0177.0.0.1/', 'deny'],
    ['*', 'https://[::1]/', 'deny'],
    ['*', 'https://[2606:4700::1111]/', 'deny'],
    ['*', 'https://[::ffff:127.0.0.1]/', 'deny'],
    ['*', 'https://localhost/', 'deny'],
    ['*', 'https://a.localhost/', 'deny'],
    ['*', 'https://nas.local/', 'deny'],
    ['*', 'https://nas.local./', 'deny'],
    ['*', 'https://db.internal/', 'deny'],
    ['*', 'https://router.home.arpa/', 'deny'],
    ['*', 'https://intranet/', 'deny'],
    ['10.0.0.5', 'https://10.0.0.5/', 'allow'],
    ['10.0.0.5', 'https://0xa.5/', 'allow'],
    ['10.0.0.5', 'http://10.0.0.5/', 'deny'],
    ['http://10.0.0.5:8080', 'http://10.0.0.5:8080/', 'allow'],
    ['10.0.0.5', 'https://10.0.0.6/', 'deny'],
    ['nas.local', 'https://nas.local/', 'allow'],
    ['localhost', 'http://localhost:3000/', 'allow'],
    ['localhost', 'https://localhost/', 'allow'],
    ['localhost', 'http://127.0.0.1:3000/', 'deny'],
    ['localhost', 'http://a.localhost/', 'deny'],
    ['127.0.0.1', 'http://127.0.0.1:8080/', 'allow'],
    ['[::1]', 'http://[::1]:8080/', 'allow'],
    ['[0:0:0:0:0:0:0:1]', 'http://[::1]/', 'allow'],
    ['http://localhost:3000', 'http://localhost:3000/', 'allow'],
    ['http://localhost:3000', 'http://localhost:3001/', 'deny'],
    ['http://localhost', 'http://localhost:3000/', 'deny'],
  ],
  'N5: own origin': [
    ['app.example.com', `${OWN}/`, 'deny'],
    ['*.example.com', `${OWN}/`, 'deny'],
    ['https://*.example.com', `${OWN}/`, 'deny'],
    ['*', `${OWN}/`, 'deny'],
    ['*', `${OWN}./`, 'deny'],
    [OWN, `${OWN}/`, 'allow'],
    [OWN, 'https://APP.example.com.:443/x', 'allow'],
    [`${OWN}/public`, `${OWN}/public/a`, 'allow'],
    [`${OWN}/public`, `${OWN}/private`, 'deny'],
    ['*.example.com', 'https://other.example.com/', 'allow'],
  ],
  'N2: path prefixes': [
    ['https://ok.com/v1', 'https://ok.com/v1', 'allow'],
    ['https://ok.com/v1', 'https://ok.com/v1/', 'allow'],
    ['https://ok.com/v1', 'https://ok.com/v1/x?y=/../z#w', 'allow'],
    ['https://ok.com/v1', 'https://ok.com/v10', 'deny'],
    ['https://ok.com/v1', 'https://ok.com/V1', 'deny'],
    ['https://ok.com/v1', 'https://ok.com//v1', 'deny'],
    ['https://ok.com/v1/', 'https://ok.com/v1/x', 'allow'],
    ['https://ok.com/v1/', 'https://ok.com/v1', 'deny'],
    ['ok.com/v1', 'https://ok.com/v1/x', 'allow'],
    ['*.ok.com/v1', 'https://a.ok.com/v1/x', 'allow'],
    ['*.ok.com/v1', 'https://a.ok.com/v2', 'deny'],
    ['https://ok.com/a/../v1', 'https://ok.com/v1/x', 'allow'],
    ['https://ok.com/ü', 'https://ok.com/%C3%BC/x', 'allow'],
    ['https://ok.com/v1', 'https://ok.com/v1/../admin', 'deny'],
    ['https://ok.com/v1', 'https://ok.com/v1/%2e%2e/admin', 'deny'],
    ['https://ok.com/v1', 'https://ok.com/v1/.%2E/admin', 'deny'],
    ['https://ok.com/v1', 'https://ok.com/v1\\..\\admin', 'deny'],
    ['https://ok.com/v1', 'https://ok.com/v1/..%2fadmin', 'deny'],
    ['https://ok.com/v1', 'https://ok.com/v1/..%5Cadmin', 'deny'],
    ['https://ok.com/v1', 'https://ok.com/v1/%252e%252e/admin', 'deny'],
    ['https://ok.com/v1', 'https://ok.com/v1/..%252fadmin', 'deny'],
    ['https://ok.com/v1', 'https://ok.com/v1/..;a=b/admin', 'deny'],
    ['https://ok.com/v1', 'https://ok.com/v1/..%3b/admin', 'deny'],
    ['https://ok.com/v1', 'https://ok.com/v1/a%2fb', 'deny'],
    ['https://ok.com', 'https://ok.com/v1/a%2fb', 'allow'],
    ['https://ok.com/v1', 'https://ok.com/v1/...', 'allow'],
    ['https://ok.com/v1', 'https://ok.com/v1/%20%25', 'allow'],
  ],
};

const INVALID: [entry: string, why: string][] = [
  ['', 'empty'],
  [' ok.com', 'space'],
  ['ok.com\n', 'line break'],
  ['ok.com:8443', 'a port without a scheme'],
  ['https://ok.com:99999', 'a port too high'],
  ['https://ok.com:', 'no port after the colon'],
  ['https://ok.com:8x', 'a port that is not a number'],
  ['ftp://ok.com', 'another scheme'],
  ['data:text/plain,x', 'data URL'],
  ['//ok.com', 'no scheme'],
  ['https://', 'no host'],
  ['/v1', 'only a path'],
  ['https://user@ok.com', 'user name'],
  ['https://ok.com@evil.com', 'user name that looks like a host'],
  ['ok%2ecom', 'escape in the host'],
  ['ok..com', 'empty label'],
  ['.ok.com', 'empty first label'],
  ['*.com', 'top-level domain'],
  ['*.co.uk', 'country suffix'],
  ['*.com.au', 'country suffix'],
  ['*.github.io', 'shared domain'],
  ['*.amazonaws.com', 'shared domain at several depths'],
  ['*.s3.eu-west-1.amazonaws.com', 'shared domain at several depths'],
  ['*x.com', 'wildcard inside the registrable label'],
  ['api*.com', 'wildcard inside the registrable label'],
  ['ok.*', 'wildcard at the top'],
  ['ok.com.*', 'wildcard at the top'],
  ['**', 'no domain'],
  ['*.', 'no domain'],
  ['*.*', 'no domain'],
  ['https://*', 'every host of a scheme'],
  ['*/v1', 'every host with a path'],
  ['*.local', 'private'],
  ['*.nas.local', 'private'],
  ['*.localhost', 'private'],
  ['10.0.0.?', 'addresses by wildcard'],
  ['10.*', 'addresses by wildcard'],
  ['*.0.0.1', 'addresses by wildcard'],
  ['!good.com', 'negation'],
  ['{a,b}.com', 'alternatives'],
  ['{a,b}*.ok.com', 'alternatives with a wildcard'],
  ['[a-c].ok.com', 'set'],
  ['a[bc]*.ok.com', 'set with a wildcard'],
  ['https://ok.com/v1?x=1', 'query'],
  ['https://ok.com/v1#x', 'fragment'],
  ['https://ok.com/v1\\x', 'backslash'],
  ['https://ok.com/a%2fb', 'encoded slash'],
  ['https://ok.com/..;/b', 'path parameter of a dot segment'],
  ['256.256.256.256', 'no address'],
  ['[::g]', 'no address'],
  [`${'a'.repeat(64)}.`.repeat(5), 'too long a host'],
  [`https://ok.com/${'a'.repeat(3_000)}`, 'too long'],
];

describe('host entries', () => {
  for (const [subject, rows] of Object.entries(TABLE)) {
    describe(subject, () => {
      for (const [entry, url, expected] of rows) {
        it(`${JSON.stringify(entry)} and ${JSON.stringify(url.slice(0, 60))}: ${expected}`, () => {
          assert.equal(verdict(entry, url), expected);
        });
      }
    });
  }

  describe('are refused with OPTION_INVALID', () => {
    for (const [entry, why] of INVALID) {
      it(`${JSON.stringify(entry.slice(0, 60))}: ${why}`, () => {
        throwsCode('OPTION_INVALID', () => parseHostEntry(entry));
      });
    }
  });

  it('names what to write instead', () => {
    assert.throws(() => parseHostEntry('ok.com:8443'), /https:\/\/ok\.com:8443/);
    assert.throws(() => parseHostEntry('*.co.uk'), /grant "\*"/);
  });

  it('shows a hostile entry without its controls', () => {
    assert.throws(() => parseHostEntry('a\u202e\n.com'), /a\\u202e\\n\.com/);
  });

  it('have a canonical form that parses to the same entry', () => {
    for (const [entry] of Object.values(TABLE).flat()) {
      const parsed = parseHostEntry(entry);
      assert.deepEqual(parseHostEntry(parsed.text), parsed);
    }
  });
});

describe('P3: hostile entries and URLs', () => {
  const SIZE = 100_000;
  const pieces = [
    '*',
    '?',
    '.',
    '/',
    '%2e',
    '%252f',
    '..;',
    'a*',
    '[',
    '@',
    ':',
    '\\',
    'https://',
    '\u202e',
    'ü',
    '0x7f.',
    '-',
  ];

  /** The best of several runs: the machine may be busy with other tests. */
  function milliseconds(run: () => unknown): number {
    let best = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 5; round++) {
      const start = performance.now();
      run();
      best = Math.min(best, performance.now() - start);
    }
    return best;
  }

  function quietly(run: () => unknown): void {
    try {
      run();
    } catch (error) {
      assert.instanceOf(error, ClocheError);
    }
  }

  for (const piece of pieces) {
    it(`takes less than 10 ms for 100 KB of ${JSON.stringify(piece)}`, () => {
      const text = piece.repeat(Math.ceil(SIZE / piece.length));
      const path = `https://ok.com/v1/${text}`.slice(0, 16_000);
      const prefix = parseHostEntry('https://ok.com/v1');
      assert.isBelow(
        milliseconds(() => quietly(() => parseHostEntry(text))),
        10,
      );
      assert.isBelow(
        milliseconds(() => quietly(() => parseRequestUrl(text))),
        10,
      );
      assert.isBelow(
        milliseconds(() => quietly(() => entryCovers(prefix, parseRequestUrl(path), OWN))),
        10,
      );
    });
  }

  it('takes less than 10 ms for the worst glob of 253 characters', () => {
    const entry = parseHostEntry(`${'a*'.repeat(115)}b.ok.com`);
    const url = parseRequestUrl(
      `https://${'a'.repeat(60)}.${'a'.repeat(60)}.${'a'.repeat(60)}.${'a'.repeat(50)}.ok.com/`,
    );
    assert.isBelow(
      milliseconds(() => entryCovers(entry, url, OWN)),
      10,
    );
  });

  const hostile = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 8 })), {
    maxLength: 40,
  });

  it('throws nothing but OPTION_INVALID for any entry', () => {
    fc.assert(
      fc.property(hostile, (parts) => {
        try {
          const entry = parseHostEntry(parts.join(''));
          assert.deepEqual(parseHostEntry(entry.text), entry);
        } catch (error) {
          assert.equal((error as ClocheError).code, 'OPTION_INVALID', String(error));
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('throws nothing but HTTP_FAILED for any URL, and reads what it returns the same way again', () => {
    fc.assert(
      fc.property(hostile, (parts) => {
        try {
          const url = parseRequestUrl(`https://${parts.join('')}`);
          assert.equal(parseRequestUrl(url.href).href, url.href);
          assert.equal(url.username + url.password + url.hash, '');
        } catch (error) {
          assert.equal((error as ClocheError).code, 'HTTP_FAILED', String(error));
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('covers no host outside of its domain, whatever stands before it', () => {
    const entries = ['*.ok.com', 'a*.ok.com', 'https://ok.com/v1', 'ok.com'].map(parseHostEntry);
    fc.assert(
      fc.property(hostile, (parts) => {
        let url: URL;
        try {
          url = parseRequestUrl(`https://${parts.join('')}.evil.com/v1/`);
        } catch {
          return;
        }
        // A piece may end the host early; then the host is what counts.
        const isOk = url.hostname === 'ok.com' || url.hostname.endsWith('.ok.com');
        if (!isOk)
          assert.isFalse(
            entries.some((entry) => entryCovers(entry, url, OWN)),
            url.href,
          );
      }),
      { numRuns: 2_000 },
    );
  });
});
