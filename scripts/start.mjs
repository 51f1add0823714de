// `npm start`: from a fresh clone to the playground in a browser. `--no-open` only prints the URL.
// Node built-ins until dependencies are there; stays in the foreground until Ctrl-C.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findBrowser } from '../test/runner/find-browser.mjs';
import { ensureBrowsers, ensureDependencies, root } from './setup.mjs';

const { values: options } = parseArgs({
  options: { 'no-open': { type: 'boolean', default: false } },
});

ensureDependencies();
const { buildPlugins } = await import('./build-plugins.mjs');
await buildPlugins();

const { createServer } = await import('vite');
const server = await createServer({
  root,
  configFile: join(root, 'vite.config.ts'),
  mode: 'playground',
  // Another port than the first choice is fine, another host is not: plugins are untrusted code.
  server: { host: 'localhost' },
});
await server.listen();
const url = server.resolvedUrls?.local[0] ?? `http://localhost:${server.config.server.port}/`;
console.log(`The playground is at ${url} (Ctrl-C ends it)`);

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    await server.close();
    process.exit(0);
  });
}

if (!options['no-open'] && !process.env.CI && hasDisplay()) open(url);

function hasDisplay() {
  if (process.platform !== 'linux') return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/**
 * Opens the page in the system's own browser, and installs one where there is none.
 * @param {string} url
 */
function open(url) {
  if (process.platform === 'darwin') return launch('open', [url]);
  if (process.platform === 'win32') return launch('cmd', ['/c', 'start', '', url]);
  if (!findBrowser('chromium') && !findBrowser('firefox')) ensureBrowsers(['chromium']);
  const firefox = findBrowser('firefox');
  if (firefox) return launch(firefox, [url]);
  const chromium = findBrowser('chromium');
  // Chromium refuses its own sandbox to root, and does not start at all without this.
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  if (chromium) launch(chromium, [...root, '--no-first-run', url]);
}

/** @param {string} command @param {string[]} args */
function launch(command, args) {
  const child = spawn(command, args, { detached: true, stdio: 'ignore' });
  // The page can be opened by hand, so this is a message and not the end of the server.
  child.once('error', (error) => console.warn(`No browser was opened: ${error.message}`));
  child.unref();
}
