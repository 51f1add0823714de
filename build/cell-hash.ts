import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { Plugin } from 'vite';
import { bundleClassicScript } from './classic-script.ts';

const ENTRY = 'src/runtime/isolation/cell/cell-frame.ts';
/** The one page that shows a policy with the hash in it. */
const PAGE = 'demo/embed/strict-csp.html';
const HASH = /'sha256-[^']*'/;

/**
 * Prints the hash by which a page with a strict policy allows the cell's inline script, and keeps the
 * demo's policy true to it. The page is committed: a change of that script shows up in review.
 */
export function cellHash(): Plugin {
  let root = '';
  return {
    name: 'cloche:cell-hash',
    apply: 'build',
    configResolved(config) {
      root = config.root;
    },
    async closeBundle() {
      const { code } = await bundleClassicScript(root, ENTRY, true);
      const script = code.replaceAll('</script', '<\\/script');
      const hash = `'sha256-${createHash('sha256').update(script).digest('base64')}'`;
      const page = resolve(root, PAGE);
      const text = readFileSync(page, 'utf8');
      const updated = text.replace(HASH, () => hash);
      console.log(`script-src ${hash} 'wasm-unsafe-eval'; worker-src blob:   (for pages with a strict policy)`);
      if (updated === text) return;
      writeFileSync(page, updated);
      console.log(`${relative(root, page)}: the cell's script has changed, so its policy was updated`);
    },
  };
}
