import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Plugin } from 'vite';
import { bundleClassicScript } from './classic-script.ts';

const ENTRY = 'workers/service-worker.ts';
const FILE = 'cloche-sw.js';

/**
 * Puts the service worker beside the page, as an app that uses the library does: its scope is the
 * folder it is served from, so it cannot be a blob or live under `/workers/`.
 */
export function serviceWorker(): Plugin {
  let root = '';
  return {
    name: 'cloche:service-worker',
    configResolved(config) {
      root = config.root;
    },
    configureServer(server) {
      server.middlewares.use(`/${FILE}`, (_request, response, next) => {
        bundleClassicScript(root, ENTRY, false).then(({ code }) => {
          response.setHeader('Content-Type', 'text/javascript');
          response.setHeader('Cache-Control', 'no-cache');
          response.end(code);
        }, next);
      });
    },
    async generateBundle() {
      if (!existsSync(resolve(root, ENTRY))) return;
      const { code } = await bundleClassicScript(root, ENTRY, true);
      this.emitFile({ type: 'asset', fileName: FILE, source: code });
    },
  };
}
