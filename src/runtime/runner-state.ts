// What a runner is doing: one value, which holds what only that state has, and the ways from one state to the next.

import type { RunningCall } from './calls/running-call.ts';
import type { Sandbox } from './sandbox.ts';

/** What a runner comes back to when its sandbox ends: ready to be called, or killed too often. */
export type RestingState = { readonly name: 'asleep' } | { readonly name: 'quarantined' };

export type RunnerState =
  | RestingState
  /** It waits for a place in the pool; with a sandbox, for calls of other tabs. */
  | {
      readonly name: 'acquiring';
      readonly wait: AbortController;
      readonly sandbox: Sandbox | undefined;
      readonly rest: RestingState;
    }
  /** Its modules are read, and started unless they are only looked at. No call before the worker is asked. */
  | {
      readonly name: 'starting';
      readonly sandbox: Sandbox;
      readonly call: RunningCall | undefined;
      readonly rest: RestingState;
    }
  /** `started` is false where the modules were only looked at. */
  | { readonly name: 'ready'; readonly sandbox: Sandbox; readonly started: boolean }
  | { readonly name: 'calling'; readonly sandbox: Sandbox; readonly call: RunningCall; readonly holdsLock: boolean }
  | { readonly name: 'closed' };

export type StateName = RunnerState['name'];

export const ASLEEP: RestingState = { name: 'asleep' };
export const QUARANTINED: RestingState = { name: 'quarantined' };

/** A quarantined plugin may still be looked at: that passes through `acquiring` and `starting`, and comes back. */
export const NEXT: Readonly<Record<StateName, readonly StateName[]>> = {
  asleep: ['acquiring', 'quarantined', 'closed'],
  acquiring: ['starting', 'ready', 'calling', 'asleep', 'quarantined', 'closed'],
  starting: ['starting', 'ready', 'asleep', 'quarantined', 'closed'],
  ready: ['acquiring', 'starting', 'calling', 'asleep', 'quarantined', 'closed'],
  calling: ['ready', 'asleep', 'quarantined', 'closed'],
  quarantined: ['acquiring', 'asleep', 'closed'],
  closed: [],
};

/** @throws {Error} for a step that is none: a mistake of ours, and never one that a plugin or a page can make */
export function step<S extends RunnerState>(from: RunnerState, to: S): S {
  if (!NEXT[from.name].includes(to.name)) throw new Error(`a runner that is ${from.name} cannot be ${to.name} next`);
  return to;
}

export function sandboxOf(state: RunnerState): Sandbox | undefined {
  return 'sandbox' in state ? state.sandbox : undefined;
}

export function callOf(state: RunnerState): RunningCall | undefined {
  return 'call' in state ? state.call : undefined;
}

/** Where it comes to rest when its sandbox ends. */
export function restOf(state: RunnerState): RestingState {
  if (state.name === 'quarantined') return state;
  return 'rest' in state ? state.rest : ASLEEP;
}
