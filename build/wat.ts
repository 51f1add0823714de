import { readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { Plugin } from 'vite';
import wabt from 'wabt';
import { watFeatures } from '../workers/wat/wat-features.ts';

/** Where the module itself has a name, those of its functions are kept, for stack traces. */
const NAMED = /^\(module \$/m;

/** Compiles WAT text, so that no binary is kept in the repository. `name` goes into messages. */
export async function compileWat(name: string, text: string): Promise<Uint8Array> {
  const { parseWat } = await wabt();
  const module = parseWat(name, text, watFeatures);
  try {
    module.resolveNames();
    return module.toBinary({ write_debug_names: NAMED.test(text) }).buffer;
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
        const text = await withIncludes(id, (file) => this.addWatchFile(file));
        const bytes = await compileWat(relative(root, id), text);
        const base64 = Buffer.from(bytes).toString('base64');
        return {
          code: `export default Uint8Array.from(atob('${base64}'), (c) => c.charCodeAt(0));`,
          moduleType: 'js',
        };
      },
    },
  };
}

const INCLUDE = /\(@include "([\w-]+\.wat)"\)/g;

/** The text of a file with each `(@include "name.wat")` replaced by the file of that name beside it. */
async function withIncludes(file: string, seen: (included: string) => void): Promise<string> {
  const text = await readFile(file, 'utf8');
  const names = [...text.matchAll(INCLUDE)].map(([, name]) => name ?? '');
  const parts = await Promise.all(
    names.map((name) => {
      const included = join(dirname(file), name);
      seen(included);
      return withIncludes(included, seen);
    }),
  );
  return text.replace(INCLUDE, () => parts.shift() ?? '');
}
