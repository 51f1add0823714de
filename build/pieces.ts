import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';
import { sqlSnapshot } from './sql-snapshot.ts';

const SUFFIX = '?pieces';
const LIST = '\0pieces:';
const PIECE = '\0piece-';
/** Of the text of one. */
const PIECE_LENGTH = 256 << 10;
/** It is made here, see `sql-snapshot.ts`. */
const SNAPSHOT = 'sql-snapshot.bin';

/**
 * Makes `import pieces from './large.wasm?pieces'` yield functions that each import a piece of the file, compressed and as text:
 * chunks like any others, wherever they are served from, whose progress can be shown. `packedBytes` is the size of all, compressed.
 */
export function pieces(): Plugin {
  const texts = new Map<string, readonly string[]>();
  const textsOf = (file: string): readonly string[] => {
    const known = texts.get(file);
    if (known) return known;
    const text = gzipSync(readFileSync(file), { level: 9 }).toString('base64');
    const count = Math.ceil(text.length / PIECE_LENGTH);
    const made = Array.from({ length: count }, (_, i) => text.slice(i * PIECE_LENGTH, (i + 1) * PIECE_LENGTH));
    texts.set(file, made);
    return made;
  };

  let root = '';
  return {
    name: 'cloche:pieces',
    enforce: 'pre',
    configResolved(config) {
      root = config.root;
    },
    async resolveId(id, importer) {
      if (id.startsWith(PIECE)) return id;
      if (!id.endsWith(SUFFIX) || !importer) return null;
      if (id.endsWith(`/${SNAPSHOT}${SUFFIX}`)) return LIST + (await sqlSnapshot(root));
      return LIST + resolve(dirname(importer.replace(/\?.*$/, '')), id.slice(0, -SUFFIX.length));
    },
    load(id) {
      if (id.startsWith(LIST)) {
        const file = id.slice(LIST.length);
        const imports = textsOf(file).map((_, index) => `() => import(${JSON.stringify(`${PIECE}${index}:${file}`)})`);
        const packedBytes = textsOf(file).reduce((sum, { length }) => sum + (length * 3) / 4, 0);
        const code = `export default [${imports.join(', ')}];\nexport const packedBytes = ${packedBytes};`;
        return { code, moduleType: 'js' };
      }
      if (!id.startsWith(PIECE)) return null;
      const [, index, file] = /^\0piece-(\d+):(.*)$/.exec(id) ?? [];
      return { code: `export default ${JSON.stringify(textsOf(file ?? '')[Number(index)])};`, moduleType: 'js' };
    },
  };
}
