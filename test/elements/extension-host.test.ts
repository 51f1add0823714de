// <cloche-extension> on a real host: a Windshift package from its zip, with a guest behind its routes.

import { assert } from 'chai';
import '../../src/elements/extension/extension.ts';
import type { ExtensionHost } from '../../src/elements/extension/host-like.ts';
import type { Host } from '../../src/index.ts';
import { closeHosts, makeHost } from '../helpers/hosts.ts';
import { packageOf, saying, windshiftGuest } from '../host/windshift/guest.ts';
import { extension, frameOf, heardBy, revealed } from './extension-stand-in.ts';

const MANIFEST = {
  name: 'board',
  version: '1.0.0',
  routes: [{ method: 'GET', path: '/status', description: '' }],
  extensions: [{ point: 'admin.tab', id: 'main', label: 'Board', group: 'Development', component: 'index.html' }],
};

/** Asks its route in both ways that pages do, as a bundle does it: from a script of its own. */
const FILES = {
  'assets/index.html': '<!doctype html><title>Board</title><script type="module" src="app.js"></script>',
  'app.js': `
    const say = (message) => window.parent.postMessage(message, window.location.origin);
    const base = \`/api/plugins/\${window.location.pathname.split('/')[3]}\`;
    const answers = [await fetch('./status'), await fetch(\`\${base}/status\`)];
    for (const answer of answers) say({ type: 'test:heard', message: await answer.json() });
    say({ type: 'plugin:ready' });
  `,
};
const ANSWER = '{"statusCode":200,"headers":{"Content-Type":"application/json"},"body":"{\\"tasks\\":3}"}';

const board = async (version = '1.0.0', files: Record<string, string> = FILES) =>
  packageOf({ ...MANIFEST, version }, await windshiftGuest(saying('handle_request', ANSWER, 64)), files);

describe('<cloche-extension> on a real host', () => {
  let host: Host & ExtensionHost;
  beforeEach(async () => {
    host = await makeHost();
  });
  afterEach(closeHosts);

  it('shows the page of a plugin, whose routes answer it', async () => {
    await host.install(await board());
    const element = await extension(host);
    const heard = heardBy(element);
    const page = await revealed(element);
    assert.deepEqual(
      heard.map((message) => ({ ...message })),
      [{ tasks: 3 }, { tasks: 3 }] as never,
    );
    assert.equal(frameOf(page)?.getAttribute('sandbox'), 'allow-scripts allow-forms allow-modals');
  });
});
