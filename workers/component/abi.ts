// The ABI of components, which have types of their own: https://component-model.bytecodealliance.org/

import type { Abi } from '../guest.ts';
import { ComponentGuest } from './component-guest.ts';
import type { LiftBudget } from './lift-budget.ts';
import type { LoadedComponent } from './load-component.ts';

export function componentAbi(budget: LiftBudget, sleep: (ms: number) => Promise<void>): Abi {
  const known = new Map<string, LoadedComponent>();
  return { newGuest: (deps) => new ComponentGuest(deps, known, budget, sleep) };
}
