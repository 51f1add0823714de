// What is loaded with the first Nev plugin.

import { TAKING_PART } from '../../runtime/wire/abi/exchanged.ts';
import { loadChunk } from '../../util/load-chunk.ts';
import type { DialectCode } from '../dialect.ts';
import { askedFor } from '../extism/runs.ts';
import { extension } from './extension.ts';
import { nevFunctions } from './functions/functions.ts';
import { EDITOR } from './functions/names.ts';
import { readBareNev, readNev } from './manifest.ts';
import { programOf } from './program.ts';
import { nevRules } from './rules.ts';

export const code: DialectCode = {
  read: (evidence, options) => (evidence.kind === 'bytes' ? readBareNev(options) : readNev(evidence.manifest, options)),
  worker: async (manifest) =>
    (
      await loadChunk(() =>
        programOf(manifest)
          ? import('../../../workers/nev/nev-files.worker.ts?source')
          : import('../../../workers/nev/nev.worker.ts?source'),
      )
    ).default,
  guest(manifest) {
    const { apiVersion = 0 } = manifest;
    const program = programOf(manifest);
    return {
      abi: 'nev',
      instance: 'persistent',
      // "A trap in any other call is logged; the instance stays and is called again": docs/nev.md
      afterTrap: 'keep',
      start: ['init_plugin'],
      wasi: 'preview1',
      apiVersion,
      ...(program && { program }),
      sleep: { save: 'save_plugin_state', load: 'load_plugin_state' },
    };
  },
  /** What the manifest can name is asked for by that; interfaces that it cannot name by importing one of their functions. */
  requests({ permissions }, imported) {
    const byImport = imported.filter(({ askedBy }) => askedBy !== 'manifest');
    const asked = [...permissions, ...askedFor(byImport, permissions)];
    // What an app takes part in the page keeps, as it keeps what is shared with the background.
    const isKept = byImport.some(({ functions }) => functions.some((name) => TAKING_PART.has(name)));
    const isAsked = asked.some(({ capability }) => capability === EDITOR);
    return isKept && !isAsked ? [...asked, { capability: EDITOR, scope: undefined, reason: undefined }] : asked;
  },
  functions: nevFunctions,
  rules: nevRules,
  extension,
};
