// The README's examples are taken out of it and run, so that they cannot drift from the code.

import { assert } from 'chai';
import readme from '../README.md?raw';
import * as cloche from '../src/index.ts';
import { framedReport } from './embed/framed-report.ts';
import { canary } from './helpers/canary.ts';

const PLUGIN = canary.url('/file/plugins/count-vowels/dist/plugin.wasm');
const COUNTED = { count: 2, total: 2, vowels: 'aeiouAEIOU' };

/** The one code block of a language, with the plugin's file where the tests have it. */
function example(language: string): string {
  const [block, ...others] = [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))];
  assert.lengthOf(others, 0, `one ${language} block`);
  return (block?.[1] ?? '').replaceAll('count-vowels.wasm', PLUGIN);
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
    const script = example('js').replace(/import (\{[^}]*\}) from 'cloche';/, 'const $1 = cloche;');
    const lines: unknown[][] = [];
    const run = new Function('cloche', 'console', `return (async () => { ${script}; return host })()`);
    const host: cloche.Host = await run(cloche, { log: (...line: unknown[]) => lines.push(line) });
    try {
      assert.deepEqual(lines, [[COUNTED, 'running', host.environment.reason]]);
    } finally {
      await host.get('vowels')?.uninstall({ wipe: true });
      await host.close();
    }
  });
});
