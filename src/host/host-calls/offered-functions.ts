// What a host offers to plugins of a dialect.

import type { Capability } from '../../capabilities/capability.ts';
import type { HostFunction } from '../../capabilities/host-function.ts';
import type { DialectFunction } from '../../capabilities/services.ts';
import type { LinkedFunction } from '../../permissions/requests.ts';
import type { FunctionShape } from '../../runtime/wire/protocol.ts';

/** A host function together with the capability it belongs to. */
export interface OfferedFunction extends LinkedFunction {
  readonly shape: FunctionShape;
  readonly call: HostFunction['call'];
  readonly failed: HostFunction['failed'];
  /** See {@link HostFunction}. */
  readonly ready: (() => Promise<void> | undefined) | undefined;
  /** See {@link HostFunction}. */
  readonly mostJsonBytes?: number | undefined;
  /** See {@link DialectFunction}. */
  readonly exclusive: boolean;
}

/**
 * In the order of the capabilities; of two functions with one name the first is linked.
 * @param own the dialect's functions, each in place of those that its capability has itself
 */
export function offeredFunctions(
  capabilities: readonly Capability[],
  own: readonly DialectFunction[],
): OfferedFunction[] {
  return capabilities.flatMap((capability) => {
    const inPlace = own.filter((fn) => fn.capability === capability.name);
    if (inPlace.length > 0) return inPlace.map((fn) => offered(capability, fn.name, fn, true));
    return [...capability.functions].map(([name, fn]) => offered(capability, name, fn, false));
  });
}

function offered(
  capability: Capability,
  name: string,
  fn: HostFunction & Pick<DialectFunction, 'exclusive'>,
  own: boolean,
): OfferedFunction {
  const {
    namespace = capability.namespace,
    params,
    result = null,
    call,
    failed,
    ready,
    exclusive = false,
    leased,
    mostJsonBytes,
    types,
  } = fn;
  const shape = {
    namespace,
    name,
    params,
    result,
    lenient: failed !== undefined,
    ...(leased && { leased }),
    ...(types && { types }),
  };
  return { capability, namespace, name, shape, call, failed, ready, mostJsonBytes, own, exclusive };
}
