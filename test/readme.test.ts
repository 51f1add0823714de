// The README's examples are taken out of it and run, so that they cannot drift from the code.

import { assert } from 'chai';
import readme from '../README.md?raw';
import '../src/elements/index.ts';
import * as cloche from '../src/index.ts';
import { result, scriptedRelay } from './capabilities/scripted-relay.ts';
import { framedReport } from './embed/framed-report.ts';
import { canary } from './helpers/canary.ts';
import { eventually } from './helpers/hosts.ts';

const PLUGIN = canary.url('/file/plugins/count-vowels/dist/plugin.wasm');
const PACKAGE = canary.url('/file/plugins/standup/dist/standup.zip');
const COUNTED = { count: 2, total: 2, vowels: 'aeiouAEIOU' };

/** The one code block of a language, with the plugin's file where the tests have it. */
function example(language: string): string {
  const [block, ...others] = [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))];
  assert.lengthOf(others, 0, `one ${language} block`);
  return (block?.[1] ?? '').replaceAll('count-vowels.wasm', PLUGIN).replaceAll('standup.zip', PACKAGE);
}

/** Runs a module of the README, whose names are given by hand. @returns its host */
async function runModule(script: string, given: Record<string, unknown>): Promise<cloche.Host> {
  const body = script.replace(/import (\{[^}]*\}) from 'cloche';/, 'const $1 = cloche;').replace(/^import .*$/m, '');
  const run = new Function('cloche', ...Object.keys(given), `return (async () => { ${body}; return host })()`);
  return run(cloche, ...Object.values(given));
}

describe('README', () => {
  it('embeds by script tag in five lines of script', async () => {
    const page = example('html').replace('src="cloche.js"', `src="${canary.url('/file/dist/cloche.js')}"`);
    const reporting = page.replace(
      /<\/script>\s*$/,
      'parent.postMessage({ text: document.body.textContent }, "*")</script>',
    );
    const { text } = await framedReport<{ text: string }>({ srcdoc: reporting });
    assert.deepEqual(JSON.parse(text), COUNTED);
  });

  it('runs as a module in ten', async () => {
    const lines: unknown[][] = [];
    const host = await runModule(example('js'), { console: { log: (...line: unknown[]) => lines.push(line) } });
    try {
      assert.deepEqual(lines, [[COUNTED, 'running', host.environment.reason]]);
    } finally {
      await host.get('vowels')?.uninstall({ wipe: true });
      await host.close();
    }
  });

  it('runs a Windshift plugin: routes, events, its tab, and mail by a relay', async () => {
    const relay = await scriptedRelay(result({ status: 'ok' }));
    const script = example('ts')
      .replace('https://example.com/relay', relay.url)
      // For engines in which a plugin can wait for its store in no other way.
      .replace('createHost({ relay })', "createHost({ relay, serviceWorker: '/cloche-sw.js' })");
    const lines: unknown[][] = [];
    const host = await runModule(script, {
      console: { log: (...line: unknown[]) => lines.push(line) },
      session: { token: 'of-the-app' },
    });
    const tabs = document.querySelector('cloche-extension');
    try {
      const entry = { id: 1, author: 'Ada', yesterday: '', today: 'Answer routes', blockers: '' };
      assert.deepEqual(lines, [
        [201, entry],
        ['standup', true],
      ]);
      const page = (): Element | null | undefined => tabs?.shadowRoot?.querySelector('cloche-plugin-page');
      await eventually(() => Boolean(page()?.shadowRoot?.querySelector('.shown iframe')), 'its page to be shown');
      const settings = JSON.stringify({ recipients: ['team@example.com'] });
      await host.fetch('/api/plugins/standup/settings', { method: 'PUT', body: settings });
      assert.equal((await host.fetch('/api/plugins/standup/send', { method: 'POST' })).status, 200);
      assert.equal((await relay.seen())[0]?.headers.authorization, 'Bearer of-the-app');
    } finally {
      tabs?.remove();
      await host.get('standup')?.uninstall({ wipe: true });
      await host.close();
    }
  });
});
