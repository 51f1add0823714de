// Extism plugins: modules with or without a manifest. What runs one is here, since most plugins are bare modules; what reads a
// manifest, or tells one, is loaded with the first.

import { bareDraft } from '../../manifest/manifest-draft.ts';
import { isCoreModule } from '../../package/package-source.ts';
import { loadChunk } from '../../util/load-chunk.ts';
import type { Dialect, DialectCode } from '../dialect.ts';
import { loadHttp } from '../windshift/load.ts';
import { extismFunctions } from './functions.ts';
import { extismGuest, requestsByImport } from './runs.ts';

const code: DialectCode = {
  async read(evidence, options) {
    if (evidence.kind === 'bytes') return bareDraft('extism');
    const { readExtism } = await loadChunk(() => import('./manifest.ts'));
    return readExtism(evidence.manifest, options);
  },
  guest: ({ instance }) => extismGuest(instance),
  requests: requestsByImport,
  functions: extismFunctions,
};

/** As every page has it: of modules without a manifest. */
export const bareExtism = {
  name: 'extism',
  label: 'Extism',
  marks: '`wasm`, a list',
  recognise: (evidence) => (evidence.kind === 'bytes' && isCoreModule(evidence.bytes) ? 'place' : undefined),
  load: async () => code,
  http: { load: loadHttp },
} satisfies Dialect;
