// Host functions whose code is a part of its own: how to call them is known at once, the code comes with the first call.

import type { ValueShape } from '../runtime/wire/protocol.ts';
import { loadChunk } from '../util/load-chunk.ts';
import { type HostFunction, USER_NAMESPACE } from './capability.ts';

/**
 * A function that takes one block, as those of Windshift do.
 * @param load gives it, with the same shapes
 * @param result null for none. @default 'bytes'
 */
export function lateFunction(load: () => Promise<HostFunction>, result: ValueShape | null = 'bytes'): HostFunction {
  return {
    namespace: USER_NAMESPACE,
    params: ['bytes'],
    ...(result && { result }),
    call: async (args, context) => (await loadChunk(load)).call(args, context),
    failed: async (error) => (await loadChunk(load)).failed?.(error),
  };
}

/** Those of a map that comes as a whole. @throws {Error} when it lacks one: a mistake of ours */
export function lateFunctions(
  names: readonly string[],
  load: () => Promise<ReadonlyMap<string, HostFunction>>,
  result: ValueShape | null = 'bytes',
): ReadonlyMap<string, HostFunction> {
  const one = async (name: string): Promise<HostFunction> => {
    const found = (await load()).get(name);
    if (found) return found;
    throw new Error(`Expected a host function \`${name}\``);
  };
  return new Map(names.map((name) => [name, lateFunction(() => one(name), result)]));
}
