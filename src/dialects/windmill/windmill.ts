// Windmill's plugin manager, whose plugins are components; and any other component, which then is a plugin that only has exports.

import { loadChunk } from '../../util/load-chunk.ts';
import { isComponent } from '../../util/wasm-header.ts';
import type { Dialect } from '../dialect.ts';

export const windmill: Dialect = {
  name: 'windmill',
  label: 'Windmill',
  marks: 'a WebAssembly component',
  recognise: (evidence) => (evidence.kind === 'bytes' && isComponent(evidence.bytes) ? 'mark' : undefined),
  http: { prefix: '/plugin', load: async () => (await loadChunk(() => import('./code.ts'))).http },
  hooks: async () => (await loadChunk(() => import('./code.ts'))).hooks,
  load: async () => (await loadChunk(() => import('./code.ts'))).code,
};
