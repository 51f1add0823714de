// What a runner needs of a plugin, where there is none.

import { DEFAULT_LIMITS } from '../../src/limits.ts';
import type { RunnerContext } from '../../src/runtime/runner-context.ts';
import type { GuestContract } from '../../src/runtime/wire/guest-contract.ts';

/** @param own what the test looks at, or its runner needs */
export function runnerContext(own: Partial<RunnerContext> & { readonly guest: GuestContract }): RunnerContext {
  return {
    id: 'p',
    limits: DEFAULT_LIMITS,
    functions: [],
    stubs: false,
    config: new Map(),
    wasi: 'none',
    clock: 'real',
    isolation: 'auto',
    logLevel: 'off',
    refusal: undefined,
    modules: [{ name: 'main', sha256: '0' }],
    lock: () => undefined,
    files: () => Promise.resolve({ bytes: new Map(), areOwn: false, facts: new Map() }),
    inspected: () => undefined,
    dispatch: () => Promise.reject(new Error('no host calls here')),
    oneWay: () => false,
    leasedCalls: () => undefined,
    log: () => undefined,
    killed: () => undefined,
    quarantined: () => undefined,
    lost: () => undefined,
    unfinished: () => undefined,
    changed: () => undefined,
    ...own,
  };
}
