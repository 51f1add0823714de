// Nev plugins: how they are told. All the rest comes with the first of them.

import { loadChunk } from '../../util/load-chunk.ts';
import type { Dialect } from '../dialect.ts';
import { isOfNev } from './is-of-nev.ts';

export const nev: Dialect = {
  name: 'nev',
  label: 'Nev',
  marks: '`wasm`, a file that ends in .m.wasm or .wat',
  lenient: true,
  recognise: (evidence) =>
    (evidence.kind === 'bytes' ? isOfNev(evidence.bytes) : isNevFile(evidence.manifest.wasm)) ? 'mark' : undefined,
  load: async () => (await loadChunk(() => import('./code.ts'))).code,
};

function isNevFile(wasm: unknown): boolean {
  return typeof wasm === 'string' && /\.(m\.wasm|wat)$/.test(wasm);
}
