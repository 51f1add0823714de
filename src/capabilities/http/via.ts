// The ways that a request may go, as an app names them.

import { oneOf } from '../../util/given-options.ts';

/**
 * `'page'`: by the page's own `fetch`, under CORS, without redirects. `'relay'`: by the server of the option `relay`. `'auto'`: by
 * that, where there is one that offers `http_fetch` and the host is not the page's own.
 */
export type HttpVia = 'auto' | 'relay' | 'page';

/** @throws {ClocheError} OPTION_INVALID */
export function checkedVia(name: string, value: unknown): HttpVia {
  return oneOf(name, value, ['auto', 'relay', 'page']);
}
