// Capabilities `clock` and `wasi`: what a guest finds by its imports without a host function. Every plugin has all of both, as its
// guests were built to; a manifest may ask for less, and a grant or the policy leave less.

import { CLOCK_MODES, WASI_MODES } from '../runtime/wire/guest-modes.ts';
import { type Capability, defineCapability } from './capability.ts';
import { modeScope } from './scopes/mode-scope.ts';
import { type Sentence, sentence } from './sentences.ts';

/** Scope: `{ mode: 'none' | 'coarse' | 'real' }`; see `ClockMode`. What a host function or an answer of a server tells is not covered. */
export function clock(): Capability {
  return mode('clock', CLOCK_MODES, [
    undefined,
    sentence('coarseClock', 'Know the time, in whole seconds.'),
    sentence('clock', 'Know the time.'),
  ]);
}

/** Scope: `{ mode: 'none' | 'reduced' | 'full' }`; see `WasiMode`. A module that imports more than it may is not started. */
export function wasi(): Capability {
  return mode('wasi', WASI_MODES, [
    undefined,
    sentence('reducedWasi', 'Use the part of WASI that programs need to start.'),
    sentence('wasi', 'Use WASI, without network.'),
  ]);
}

function mode(name: string, modes: readonly string[], sentences: readonly (Sentence | undefined)[]): Capability {
  const scope = modeScope(new Map(modes.map((one, i) => [one, sentences[i]])));
  return defineCapability({ name, risk: 'low', askedBy: 'manifest', functions: {}, scope });
}
