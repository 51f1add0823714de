// An interface of `plugins-manager` as host functions: each takes its arguments as WIT has them, and gives `{ ok }` or `{ err }`. How
// one is implemented is a file beside this one.

import type { HostCallContext, HostFunction } from '../../../capabilities/host-function.ts';
import type { DialectFunction } from '../../../capabilities/services.ts';

export type Answer<T> = { readonly ok: T } | { readonly err: string };

/** One function. What it throws, and why it is denied, is the plugin's error as well: all of them have a text for that. */
export type ImportedCall<T = unknown> = (
  args: readonly unknown[],
  context: HostCallContext,
) => Answer<T> | Promise<Answer<T>>;

type Definition = HostFunction<readonly ['json'], 'json'>;

/**
 * @param namespace such as `plugins-manager:jwt/authorization`
 * @param ready by their names, what functions wait for first: see `HostFunction`
 */
export function importedInterface(
  namespace: string,
  calls: Readonly<Record<string, ImportedCall>>,
  ready: Readonly<Record<string, () => Promise<void> | undefined>> = {},
): Record<string, Definition> {
  return Object.fromEntries(
    Object.entries(calls).map(([name, call]) => {
      const waits = ready[name];
      return [name, { ...definition(namespace, call), ...(waits && { ready: waits }) }];
    }),
  );
}

/**
 * Functions that nothing stands behind: they link, and say so by name.
 * @param check throws where the plugin may not call it anyway. @default whoever has the capability may
 */
export function unavailable(
  namespace: string,
  names: readonly string[],
  check: (name: string, context: HostCallContext) => void = () => undefined,
): Record<string, Definition> {
  const calls = names.map((name): [string, ImportedCall] => [
    name,
    (args, context) => {
      check(name, context);
      return unavailableCall(namespace, name)(args, context);
    },
  ]);
  return importedInterface(namespace, Object.fromEntries(calls));
}

/** One of them. */
export function unavailableCall(namespace: string, name: string): ImportedCall {
  return () => ({ err: `\`${namespace}/${name}\` is not offered by this host` });
}

/** The same as functions of the dialect, which find services of other capabilities. */
export function dialectInterface(
  capability: string,
  namespace: string,
  calls: Readonly<Record<string, ImportedCall>>,
): DialectFunction[] {
  return Object.entries(calls).map(
    ([name, call]) => ({ ...definition(namespace, call), name, capability }) as DialectFunction,
  );
}

/** All arguments of a call: rows, documents and templates are of this size, and to read as much of anything takes a page some 80 ms. */
const MOST_ARGUMENT_BYTES = 1 << 20;

function definition(namespace: string, call: ImportedCall): Definition {
  return {
    namespace,
    params: ['json'],
    result: 'json',
    mostJsonBytes: MOST_ARGUMENT_BYTES,
    call: ([args], context) => call(args as readonly unknown[], context),
    failed: ({ message }) => ({ err: message }),
  };
}
