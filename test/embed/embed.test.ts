// The embedding demos as a static host serves them: built files, another origin, no bundler.

import { assert } from 'chai';
import { canary } from '../helpers/canary.ts';
import { framedReport } from './framed-report.ts';

const COUNTED = '{"count":3,"total":3,"vowels":"aeiouAEIOU"}';

interface Shown {
  readonly page: string;
  /** What the page wrote into its output. */
  readonly text: string;
  /** Names of the page's window that a blank window does not have. */
  readonly globals: readonly string[];
}

/** A demo page as a plain static host serves it, with no header set; test/pages/embed.html reads it there. */
function show(page: string): Promise<Shown> {
  return framedReport<Shown>({ src: canary.url(`/static/test/pages/embed.html?page=${page}`) });
}

describe('embedding by script tag', () => {
  it('U12: runs a plugin from plain static files, with one global', async () => {
    const { text, globals } = await show('index.html');
    assert.equal(text, COUNTED);
    assert.deepEqual(
      globals.filter((name) => !isFrameIndex(name)),
      ['Cloche'],
    );
  });

  it('runs from another origin than the page', async () => {
    // The page is ours, its script and its plugin are the other server's, as with a CDN.
    const report = await framedReport<{ text: string }>({
      srcdoc: `<script src="${canary.url('/file/dist/cloche.js')}"></script>
        <script type="module">
          const host = await Cloche.createHost({ storage: 'test-embed' });
          const plugin = await host.open('${canary.url('/file/plugins/count-vowels/manifest.json')}');
          const answer = await plugin.call('count_vowels', 'Hello, World');
          parent.postMessage({ text: answer.text() }, '*');
        </script>`,
    });
    assert.equal(report.text, COUNTED);
  });

  it('finds its parts beside itself, in another origin than the page', async () => {
    const report = await framedReport<{ status: number; type: string }>({
      srcdoc: `<script src="${canary.url('/file/dist/cloche.js')}"></script>
        <script type="module">
          const host = await Cloche.createHost({ storage: 'test-embed-parts' });
          await host.open('${canary.url('/file/plugins/standup/dist/standup.zip')}');
          const response = await host.fetch('/api/plugins/standup/assets/index.html');
          parent.postMessage({ status: response.status, type: response.headers.get('content-type') }, '*');
        </script>`,
    });
    assert.deepEqual(report, { status: 200, type: 'text/html; charset=utf-8' });
  });

  it('runs under a strict policy that has only what Cloche needs', async () => {
    assert.equal((await show('strict-csp.html')).text, COUNTED);
  });

  it('says CSP_BLOCKED with the missing directives where a policy forbids it', async () => {
    const { text } = await show('blocked-csp.html');
    assert.match(text, /^CSP_BLOCKED: .*script-src 'sha256-[\w+/]+=' 'wasm-unsafe-eval'; worker-src blob:/);
    const strict = await (await fetch(canary.url('/file/demo/embed/strict-csp.html'))).text();
    assert.include(
      strict,
      /'sha256-[^']+'/.exec(text)?.[0] ?? 'a hash',
      'the demo allows the very script that the error names',
    );
  });
});

/** `window[0]` is the cell's frame: it is of the window, not of Cloche. */
function isFrameIndex(name: string): boolean {
  return /^\d+$/.test(name);
}
