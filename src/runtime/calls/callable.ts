// Whether an export can be called; what to say when it cannot comes late: `export-problem.ts`.

import type { ExportFact, GuestCall, ModuleFacts } from '../wire/protocol.ts';

export function exportsOf(facts: readonly ModuleFacts[]): readonly ExportFact[] {
  return facts.find(({ name }) => name === 'main')?.exports ?? [];
}

/** Whether a call of this form can be made of it. Which arguments it takes is for its ABI to say. */
export function isCallable({ kind, callable }: ExportFact, call: GuestCall): boolean {
  return 'args' in call ? kind === 'function' : callable;
}

export function canCall(facts: readonly ModuleFacts[], call: GuestCall): boolean {
  const found = exportsOf(facts).find(({ name }) => name === call.export);
  return found !== undefined && isCallable(found, call);
}
