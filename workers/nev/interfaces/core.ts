// What of `nev:plugins/core` a worker knows itself.

import { does, gives, type LocalFunction } from './local-function.ts';

const PLATFORM = { enum: ['gui', 'tui'] } as const;

export interface CoreDeps {
  readonly apiVersion: number;
  /** Since the instance was made, in ms. */
  now(): number;
}

/** Of the main instance: there is no other. */
export function localCore({ apiVersion, now }: CoreDeps): Record<string, LocalFunction> {
  return {
    'api-version': gives([], 's32', () => apiVersion),
    'get-time': gives([], 'f64', now),
    'get-platform': gives([], PLATFORM, () => 'gui' as const),
    'is-main-thread': gives([], 'bool', () => true),
    'get-arguments': gives([], 'string', () => ''),
    'finish-background': does([], () => undefined),
  };
}
