// The dialects of a host that is not told otherwise. Where they stand is written in `known.ts` beside this file, which is loaded
// with the first manifest: of a bare module every page knows whose it is.

import type { Capability } from '../capabilities/capability.ts';
import { loadChunk } from '../util/load-chunk.ts';
import type { Dialect, Dialects } from './dialect.ts';
import { bareExtism } from './extism/extism.ts';
import type { NevOptions } from './nev/capabilities.ts';
import type { WindmillOptions } from './windmill/capabilities.ts';

export type { PageDatabases, ServerDatabases } from '../sql/databases.ts';
export type { NevInterfaces, NevOptions } from './nev/capabilities.ts';
export type { TokenOptions } from './windmill/authorization/token-options.ts';
export type { ClaimsCall, VerifyClaims } from './windmill/authorization/verify.ts';
export type { AuthorizationOptions, WindmillOptions } from './windmill/capabilities.ts';

export const DEFAULT_DIALECTS: Dialects = { bare: [bareExtism], all: defaultDialects };

/**
 * All built-in dialects, for the option `dialects`. Add to the list, or filter one out by its `name`.
 * @throws {ClocheError} FETCH_FAILED
 */
export async function defaultDialects(): Promise<Dialect[]> {
  const { known } = await loadChunk(() => import('./known.ts'));
  return known(bareExtism);
}

/**
 * What plugins of Nev find on a host that offers it, for the option `capabilities`: the interfaces that Cloche implements, and those
 * that the app does.
 * @example createHost({ capabilities: [...defaultCapabilities(), ...(await nevCapabilities({ commands: { save } }))] })
 * @throws {ClocheError} OPTION_INVALID, FETCH_FAILED
 */
export async function nevCapabilities(options?: NevOptions): Promise<Capability[]> {
  const { nevCapabilities: made } = await loadChunk(() => import('./nev/capabilities.ts'));
  return made(options);
}

/**
 * What plugins of Windmill import beside WASI, for the option `capabilities`: each is asked for by importing it.
 * @example createHost({ capabilities: [...defaultCapabilities(), ...(await windmillCapabilities())] })
 * @throws {ClocheError} OPTION_INVALID, FETCH_FAILED
 */
export async function windmillCapabilities(options?: WindmillOptions): Promise<Capability[]> {
  const { windmillCapabilities: made } = await loadChunk(() => import('./windmill/capabilities.ts'));
  return made(options);
}
