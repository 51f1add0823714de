// Extism plugins that are modules without a manifest, as most are: every page has this. What tells and reads a manifest is in
// `with-manifests.ts`.

import { bareDraft } from '../../manifest/manifest-draft.ts';
import { isCoreModule } from '../../util/wasm-header.ts';
import type { Dialect, DialectCode } from '../dialect.ts';
import { isOfNev } from '../nev/is-of-nev.ts';
import { loadHttp } from '../windshift/load.ts';
import { extismFunctions } from './functions.ts';
import { extismGuest, requestsByImport } from './runs.ts';

const code: DialectCode = {
  read: () => bareDraft('extism'),
  guest: ({ instance }) => extismGuest(instance),
  requests: requestsByImport,
  functions: extismFunctions,
};

export const bareExtism = {
  name: 'extism',
  label: 'Extism',
  marks: '`wasm`, a list',
  recognise: (evidence) =>
    evidence.kind === 'bytes' && isCoreModule(evidence.bytes) && !isOfNev(evidence.bytes) ? 'place' : undefined,
  load: async () => code,
  http: { load: loadHttp },
} satisfies Dialect;
