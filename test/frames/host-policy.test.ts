// Frames inherit the content security policy of the host's page: what it has to allow, one policy a test.

import { assert } from 'chai';
import { framedReport } from '../embed/framed-report.ts';
import { sideBySide } from '../helpers/side-by-side.ts';

const OWN = location.origin;

interface Report {
  /** What the page of the plugin said. */
  readonly said?: Record<string, unknown>;
  readonly code?: string;
  readonly message?: string;
  readonly warnings: readonly string[];
}

/** A host under a policy, which shows a page of a plugin. Its own scripts are let in by their URL or the nonce. */
async function under(policy: string, policyNonce = ''): Promise<Report> {
  const html = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; connect-src ${OWN}; ${policy}">
    <script nonce="own" type="module" data-policy-nonce="${policyNonce}" src="${OWN}/test/frames/host-page.ts"></script>`;
  // No `srcdoc`: WebKit loads no third of them within two others.
  const src = URL.createObjectURL(new Blob([html], { type: 'text/html' }));
  return framedReport<Report>({ src }).finally(() => URL.revokeObjectURL(src));
}

describe('the page of a plugin under a strict policy of its host', () => {
  const said = {
    type: 'said',
    classic: true,
    answer: 42,
    late: 42,
    url: `${OWN}/api/plugins/demo/assets/status`,
    width: 7,
    markup: 'set',
    color: 'rgb(1, 2, 3)',
  };
  const styles = "style-src 'unsafe-inline'; img-src data:";
  const enough: [string, string, string?][] = [
    [
      'what the error names',
      `script-src ${OWN} 'unsafe-inline' data:; style-src 'unsafe-inline' data:; img-src data: blob:; font-src data:`,
    ],
    [
      'frames, objects and bases forbidden',
      `script-src ${OWN} 'unsafe-inline' data:; ${styles}; frame-src 'none'; object-src 'none'; base-uri 'none'`,
    ],
    ['scripts and styles by nonce', "script-src 'nonce-own'; style-src 'nonce-own'; img-src data:", 'own'],
    ['strict-dynamic', "script-src 'nonce-own' 'strict-dynamic'; style-src 'nonce-own'; img-src data:", 'own'],
    [
      'Trusted Types',
      `script-src ${OWN} 'unsafe-inline' data:; ${styles}; require-trusted-types-for 'script'; trusted-types cloche default`,
    ],
  ];
  for (const [what, policy, nonce] of enough) {
    it(`works with ${what}`, async () => {
      const report = await under(policy, nonce);
      assert.deepEqual(report.said, said, JSON.stringify(report));
    });
  }

  it('works under Trusted Types that have no policy for it, but for what they guard', async () => {
    const report = await under(
      `script-src ${OWN} 'unsafe-inline' data:; ${styles}; require-trusted-types-for 'script'; trusted-types cloche`,
    );
    assert.deepEqual(report.said, { ...said, markup: 'refused' }, JSON.stringify(report));
    assert.match(report.warnings.join(), /without `default`/);
  });

  const lacking: [string, string][] = [
    ['inline scripts', `script-src ${OWN} data:; ${styles}`],
    ['data URLs', `script-src ${OWN} 'unsafe-inline'; ${styles}`],
    [
      'inline scripts, where it has a nonce that is not given',
      `script-src 'nonce-own' 'unsafe-inline' data:; ${styles}`,
    ],
  ];
  // Each is a wait for a page that says nothing.
  const reportOf = sideBySide(Object.fromEntries(lacking.map(([what, policy]) => [what, () => under(policy)])));
  for (const [what] of lacking) {
    it(`ends with FRAME_FAILED and the directives when it lacks ${what}`, async () => {
      const { code, message } = await reportOf(what);
      assert.equal(code, 'FRAME_FAILED', message);
      assert.include(message, "script-src 'unsafe-inline' data:;");
    });
  }
});
