import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import type { Plugin } from 'vite';
import wabt from 'wabt';
import { watFeatures } from './wat-features.ts';

/** Compiles WAT text, so that no binary is kept in the repository. `name` goes into messages. */
export async function compileWat(name: string, text: string): Promise<Uint8Array> {
  const { parseWat } = await wabt();
  const module = parseWat(name, text, watFeatures);
  try {
    module.resolveNames();
    return module.toBinary({}).buffer;
  } finally {
    module.destroy();
  }
}

/**
 * Makes `import bytes from './kernel.wat'` yield the compiled bytes. Base64 rather than a file
 * of its own: the script tag build and the worker inside a blob have nowhere to fetch from.
 */
export function wat(): Plugin {
  let root = '';
  return {
    name: 'cloche:wat',
    enforce: 'pre',
    configResolved(config) {
      root = config.root;
    },
    load: {
      filter: { id: /\.wat$/ },
      async handler(id) {
        const bytes = await compileWat(relative(root, id), await readFile(id, 'utf8'));
        const base64 = Buffer.from(bytes).toString('base64');
        return {
          code: `export default Uint8Array.from(atob('${base64}'), (c) => c.charCodeAt(0));`,
          moduleType: 'js',
        };
      },
    },
  };
}
