// A plugin of Windshift with a tab and a route, as a zip: what <cloche-extension> shows on a real host.

import { packageOf, saying, windshiftGuest } from '../host/windshift/guest.ts';

const MANIFEST = {
  name: 'board',
  version: '1.0.0',
  routes: [{ method: 'GET', path: '/status', description: '' }],
  extensions: [{ point: 'admin.tab', id: 'main', label: 'Board', group: 'Development', component: 'index.html' }],
};

/** Asks its route in both ways that pages do, as a bundle does it: from a script of its own. */
export const FILES = {
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

export const board = async (version = '1.0.0', files: Record<string, string> = FILES) =>
  packageOf({ ...MANIFEST, version }, await windshiftGuest(saying('handle_request', ANSWER, 64)), files);
