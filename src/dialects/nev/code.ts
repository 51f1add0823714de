// What is loaded with the first Nev plugin.

import { loadChunk } from '../../util/load-chunk.ts';
import type { DialectCode } from '../dialect.ts';
import { askedFor } from '../extism/runs.ts';
import { extension } from './extension.ts';
import { nevFunctions } from './functions/functions.ts';
import { readBareNev, readNev } from './manifest.ts';
import { nevRules } from './rules.ts';

export const code: DialectCode = {
  read: (evidence, options) => (evidence.kind === 'bytes' ? readBareNev(options) : readNev(evidence.manifest, options)),
  worker: async () => (await loadChunk(() => import('../../../workers/nev/nev.worker.ts?source'))).default,
  guest: ({ apiVersion = 0 }) => ({
    abi: 'nev',
    instance: 'persistent',
    // "A trap in any other call is logged; the instance stays and is called again": docs/nev.md
    afterTrap: 'keep',
    start: ['init_plugin'],
    wasi: 'preview1',
    apiVersion,
    sleep: { save: 'save_plugin_state', load: 'load_plugin_state' },
  }),
  /** What the manifest can name is asked for by that; interfaces that it cannot name by importing one of their functions. */
  requests({ permissions }, imported) {
    return [
      ...permissions,
      ...askedFor(
        imported.filter(({ askedBy }) => askedBy !== 'manifest'),
        permissions,
      ),
    ];
  },
  functions: nevFunctions,
  rules: nevRules,
  extension,
};
