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
    let draft = 'cloche' in manifest ? readCloche(manifest, options) : readInline(manifest, options);
    const { configSchema, wasi } = manifest;
    if (wasi !== undefined) {
      const { readProgram } = await loadChunk(() => import('../../manifest/program.ts'));
      draft = { ...draft, program: readProgram(wasi) };
    }
    if (configSchema !== undefined) {
      const { withSchema } = await loadChunk(() => import('../../config/config-schema.ts'));
      draft = { ...draft, ...withSchema(draft.config, configSchema, ['configSchema']) };
    }
    return draft;
  },
  guest: ({ instance, program }) => ({ ...extismGuest(instance), ...(program && { program }) }),
  worker: ({ program }) =>
    program && loadChunk(async () => (await import('../../../workers/extism/files.worker.ts?source')).default),
  /** Only what the manifest names: what a plugin imports besides is shown, and not given. */
  requests: ({ permissions }) => permissions,
  functions: extismFunctions,
};
