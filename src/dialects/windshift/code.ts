// What is loaded with the first Windshift plugin, or when something else speaks its words.

import { invalid } from '../../util/json/untrusted-json.ts';
import type { DialectCode } from '../dialect.ts';
import { askedFor, extismGuest } from '../extism/runs.ts';
import { failedStub, windshiftFunctions } from './functions/functions.ts';
import { readWindshift } from './manifest.ts';
import { completeWindshift } from './metadata.ts';
import { licenseIn, windshiftAssets, withModules } from './package-files.ts';

export { relayedFunction } from './functions/functions.ts';
export { http } from './http/http.ts';
export { page } from './page/page.ts';

export const code: DialectCode = {
  read(evidence, options) {
    if (evidence.kind !== 'manifest') throw invalid([], 'is missing');
    return readWindshift(evidence.manifest, options);
  },
  files: (files, draft) => ({
    packed: withModules(files, draft),
    assets: windshiftAssets(files),
    license: licenseIn(files),
  }),
  complete: completeWindshift,
  // The Go SDK, with which Windshift was built, takes them the other way round.
  guest: ({ instance }) => extismGuest(instance, ['_initialize', '__wasm_call_ctors']),
  /** No manifest names a capability: importing one of its functions is the request for it, of Windshift's own always. */
  requests({ permissions }, imported) {
    const implied = imported.filter(({ askedBy, own }) => own || askedBy !== 'manifest');
    return [...permissions, ...askedFor(implied, permissions)];
  },
  functions: windshiftFunctions,
  failedStub,
};
