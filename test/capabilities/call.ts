import type { Capability } from '../../src/capabilities/capability.ts';
import type { HostCallContext } from '../../src/capabilities/host-function.ts';
import type { OfferedFunction } from '../../src/host/host-calls/offered-functions.ts';
import { DEFAULT_LIMITS, type Limits } from '../../src/limits.ts';
import { linkerOf } from '../helpers/dialects.ts';

export interface CallFacts {
  plugin?: string;
  /** @default false */
  temporary?: boolean;
  grant?: unknown;
  policy?: unknown;
  limits?: Partial<Limits>;
  signal?: AbortSignal;
  /** @default 4500 */
  remainingMs?: number;
  describing?: boolean;
  context?: unknown;
  /** Whose plugin calls. @default 'cloche' */
  dialect?: string;
  /** Collects what the capability logs; `plugin ` stands before what it logs in the plugin's name. */
  lines?: string[];
}

export function contextOf(facts: CallFacts = {}): HostCallContext {
  const id = facts.plugin ?? 'tester';
  return {
    plugin: { id, name: id, version: '1', installation: id, temporary: facts.temporary ?? false },
    signal: facts.signal ?? new AbortController().signal,
    context: facts.context,
    grant: facts.grant,
    policy: facts.policy,
    limits: { ...DEFAULT_LIMITS, ...facts.limits },
    remainingMs: facts.remainingMs ?? 4_500,
    describing: facts.describing ?? false,
    instance: { id: 1, onEnd: () => undefined, call: async () => [], finish: () => undefined },
    log: (level, text, source) => facts.lines?.push(`${source === 'plugin' ? 'plugin ' : ''}${level}: ${text}`),
  };
}

const linked = await linkerOf('cloche', 'extism', 'windshift');

/** A host function as plugins of a dialect find it. */
export function functionOf(capability: Capability, name: string, dialect = 'cloche'): OfferedFunction | undefined {
  return linked(dialect, [capability]).linked.find((fn) => fn.name === name);
}

/** Calls a host function as the host does, with arguments that have crossed already. */
export async function callFunction(
  capability: Capability,
  name: string,
  args: readonly unknown[],
  facts?: CallFacts,
): Promise<unknown> {
  const fn = functionOf(capability, name, facts?.dialect);
  if (!fn) throw new Error(`Capability ${capability.name} has no function ${name}`);
  return fn.call(args as never, contextOf(facts));
}
