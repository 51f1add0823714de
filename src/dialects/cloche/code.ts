// What runs one of Cloche's own plugins.

import { invalid } from '../../util/json/untrusted-json.ts';
import { loadChunk } from '../../util/load-chunk.ts';
import type { DialectCode } from '../dialect.ts';
import { extismFunctions } from '../extism/functions.ts';
import { extismGuest } from '../extism/runs.ts';
import { readInline } from './inline.ts';
import { readCloche } from './manifest.ts';

export const code: DialectCode = {
  async read(evidence, options) {
    // Without a manifest no plugin is Cloche's own.
    if (evidence.kind !== 'manifest') throw invalid([], 'is missing');
    const { manifest } = evidence;
    const draft = 'cloche' in manifest ? readCloche(manifest, options) : readInline(manifest, options);
    if (manifest.configSchema === undefined) return draft;
    const { withSchema } = await loadChunk(() => import('../../config/config-schema.ts'));
    return { ...draft, ...withSchema(draft.config, manifest.configSchema, ['configSchema']) };
  },
  guest: ({ instance }) => extismGuest(instance),
  /** Only what the manifest names: what a plugin imports besides is shown, and not given. */
  requests: ({ permissions }) => permissions,
  functions: extismFunctions,
};
