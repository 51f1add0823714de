import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Plugin } from 'vite';

/** Built files and data; sources stay behind. */
const SHIPPED = /\.(?:json|wasm|zip)$/;

/** Lays the example plugins beside the built playground, under the paths that the dev server gives them. */
export function examplePlugins(): Plugin {
  let root = '';
  return {
    name: 'cloche:example-plugins',
    apply: 'build',
    configResolved(config) {
      root = config.root;
    },
    generateBundle() {
      const folder = resolve(root, 'plugins');
      if (!existsSync(folder)) return;
      for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        if (!SHIPPED.test(path)) continue;
        const fileName = `plugins/${path.replaceAll('\\', '/')}`;
        this.emitFile({ type: 'asset', fileName, source: readFileSync(resolve(folder, path)) });
      }
    },
  };
}
