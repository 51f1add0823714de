import type { Capability, HostCallContext } from '../../src/capabilities/capability.ts';
import { DEFAULT_LIMITS, type Limits } from '../../src/options.ts';

export interface CallFacts {
  plugin?: string;
  grant?: unknown;
  policy?: unknown;
  limits?: Partial<Limits>;
  signal?: AbortSignal;
  /** Collects what the capability logs. */
  lines?: string[];
}

export function contextOf(facts: CallFacts = {}): HostCallContext {
  const id = facts.plugin ?? 'tester';
  return {
    plugin: { id, name: id, version: '1' },
    signal: facts.signal ?? new AbortController().signal,
    context: undefined,
    grant: facts.grant,
    policy: facts.policy,
    limits: { ...DEFAULT_LIMITS, ...facts.limits },
    log: (level, text) => facts.lines?.push(`${level}: ${text}`),
  };
}

/** Calls a host function as the host does, with arguments that have crossed already. */
export async function callFunction(
  capability: Capability,
  name: string,
  args: readonly unknown[],
  facts?: CallFacts,
): Promise<unknown> {
  const fn = capability.functions.get(name);
  if (!fn) throw new Error(`Capability ${capability.name} has no function ${name}`);
  return fn.call(args as never, contextOf(facts));
}
