// What of `nev:plugins/core` a worker knows itself.

import { does, gives, type LocalFunction } from './local-function.ts';

const PLATFORM = { enum: ['gui', 'tui'] } as const;
const EXECUTOR = { enum: ['thread', 'thread-pool'] } as const;

export interface CoreDeps {
  /** @default 0 */
  readonly apiVersion?: number;
  /** Of an instance in the background. */
  readonly background?: { readonly args: string };
  /** Since the instance was made, in ms. */
  now(): number;
}

export function localCore({ apiVersion = 0, background, now }: CoreDeps): Record<string, LocalFunction> {
  return {
    'api-version': gives([], 's32', () => apiVersion),
    'get-time': gives([], 'f64', now),
    'get-platform': gives([], PLATFORM, () => 'gui' as const),
    'is-main-thread': gives([], 'bool', () => !background),
    'get-arguments': gives([], 'string', () => background?.args ?? ''),
    // The page does what these say where a plugin imports the first; alone, the second is about nobody.
    'spawn-background': does(['string', EXECUTOR], () => undefined),
    'finish-background': does([], () => undefined),
  };
}
