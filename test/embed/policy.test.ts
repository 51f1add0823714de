// What a page's content security policy has to allow, one directive at a time: the frame of each test has a
// policy of its own, and the cell and its workers inherit it.

import { assert } from 'chai';
import { framedReport } from './framed-report.ts';

interface Report {
  /** The plugin's output, or undefined. */
  readonly text?: string;
  readonly mode?: string;
  readonly reason?: string;
  readonly code?: string;
  readonly message?: string;
  readonly hash?: string;
  /** From the host to the error. */
  readonly tookMs?: number;
}

const OWN = location.origin;

/** A page with a policy, that counts vowels. Its own scripts pass by their nonce, Cloche's must not need it. */
async function under(directives: string, isolation = 'auto'): Promise<Report> {
  const policy = `default-src 'none'; connect-src ${OWN}; ${directives}`;
  return framedReport<Report>({
    srcdoc: `<meta http-equiv="Content-Security-Policy" content="${policy}">
      <script nonce="own" src="${OWN}/dist/cloche.js"></script>
      <script nonce="own" type="module">
        const hash = await Cloche.cellScriptHash();
        const began = performance.now();
        try {
          const host = await Cloche.createHost({ storage: 'test-policy', isolation: '${isolation}' });
          const { mode, reason } = host.environment;
          const plugin = await host.open('${OWN}/plugins/count-vowels/manifest.json');
          const text = (await plugin.call('count_vowels', 'Hello')).text();
          await host.close();
          parent.postMessage({ text, hash, mode, reason }, '*');
        } catch ({ code, message }) {
          parent.postMessage({ code, message, hash, tookMs: performance.now() - began }, '*');
        }
      </script>`,
  });
}

describe('a page with a strict policy', () => {
  let hash: string;

  before(async () => {
    const report = await under("script-src 'nonce-own'");
    assert.isString(report.hash);
    hash = report.hash ?? '';
  });

  const scripts = (...sources: string[]): string => `script-src 'nonce-own' ${sources.join(' ')}`;

  const enough: [string, () => string][] = [
    ['the three that the error names', () => `${scripts(hash, "'wasm-unsafe-eval'")}; worker-src blob:`],
    ['no worker-src, and blob: among the scripts', () => scripts(hash, "'wasm-unsafe-eval'", 'blob:')],
    ['strict-dynamic', () => `${scripts(hash, "'wasm-unsafe-eval'", "'strict-dynamic'")}; worker-src blob:`],
    ['frames forbidden', () => `${scripts(hash, "'wasm-unsafe-eval'")}; worker-src blob:; frame-src 'none'`],
    [
      'Trusted Types and its policy',
      () =>
        `${scripts(hash, "'wasm-unsafe-eval'")}; worker-src blob:; require-trusted-types-for 'script'; trusted-types cloche`,
    ],
  ];
  for (const [what, directives] of enough) {
    it(`runs plugins with ${what}`, async () => {
      assert.equal((await under(directives())).text, '{"count":2,"total":2,"vowels":"aeiouAEIOU"}');
    });
  }

  const trusted = "require-trusted-types-for 'script'; trusted-types cloche";
  for (const [what, more] of [
    ['no script of ours', ''],
    ['Trusted Types', trusted],
  ]) {
    it(`runs plugins in a compartment with data: workers and ${what}`, async () => {
      const report = await under(`${scripts("'wasm-unsafe-eval'")}; worker-src data:; ${more}`, 'origin');
      assert.equal(report.text, '{"count":2,"total":2,"vowels":"aeiouAEIOU"}', report.message);
      assert.equal(report.mode, 'origin');
    });
  }

  it('that forbids data: workers has its plugins in a cell, and the host says so', async () => {
    const report = await under(`${scripts(hash, "'wasm-unsafe-eval'")}; worker-src blob:`, 'origin');
    assert.equal(report.text, '{"count":2,"total":2,"vowels":"aeiouAEIOU"}', report.message);
    assert.equal(report.mode, 'process');
    assert.match(report.reason ?? '', /They live in a cell, as no compartment opens: .*worker-src data:/);
  });

  const lacking: [string, () => string, string][] = [
    ['the hash of the cell', () => `${scripts("'wasm-unsafe-eval'")}; worker-src blob:`, 'script-src HASH'],
    ['wasm-unsafe-eval', () => `${scripts(hash)}; worker-src blob:`, "script-src 'wasm-unsafe-eval'"],
    ['workers', () => `${scripts(hash, "'wasm-unsafe-eval'")}; worker-src 'none'`, 'worker-src blob:'],
    [
      'its Trusted Types policy',
      () => `${scripts(hash, "'wasm-unsafe-eval'")}; worker-src blob:; trusted-types other`,
      'trusted-types cloche',
    ],
  ];
  for (const [what, directives, named] of lacking) {
    it(`rejects at once with CSP_BLOCKED and the directive when it lacks ${what}`, async () => {
      const { code, message, tookMs } = await under(directives());
      assert.equal(code, 'CSP_BLOCKED', message);
      assert.include(message, `Add to it: ${named.replace('HASH', hash)}`);
      // Without waiting to see whether anything else happens, which took more than 3 s.
      assert.isBelow(tookMs ?? Infinity, 2_500);
    });
  }
});
