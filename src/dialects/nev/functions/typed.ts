// Host functions by the types of Nev's interfaces: what they take and give is read and written here.

import type { HostCallContext, HostFunction } from '../../../capabilities/host-function.ts';
import type { ClocheError } from '../../../errors.ts';
import type { AbiArguments, AbiType, AbiValue } from '../../../runtime/wire/abi/types.ts';
import { fromShaped, shapeOf, toShaped } from '../../../runtime/wire/abi/values.ts';

/**
 * One that gives something.
 * @param namespace the interface, such as `nev:plugins/commands`
 * @param failed what the guest gets where it fails, or is denied. @default its call ends
 */
export function gives<const P extends readonly unknown[], const R>(
  namespace: string,
  params: P & readonly AbiType[],
  result: R & AbiType,
  call: (args: AbiArguments<P>, context: HostCallContext) => AbiValue<R> | Promise<AbiValue<R>>,
  failed?: (error: ClocheError) => AbiValue<R>,
): HostFunction {
  // Whoever compares the types of the table with those of `Call` goes round in circles.
  return made(namespace, params, result, call as never, failed as never);
}

/** One that gives nothing. */
export function does<const P extends readonly unknown[]>(
  namespace: string,
  params: P & readonly AbiType[],
  call: (args: AbiArguments<P>, context: HostCallContext) => unknown,
): HostFunction {
  return made(namespace, params, undefined, call as never);
}

type Call = (args: readonly unknown[], context: HostCallContext) => unknown;

/** The same without a word of its types, for tables of many. */
export function made(
  namespace: string,
  params: readonly AbiType[],
  result: AbiType | undefined,
  call: Call,
  failed?: (error: ClocheError) => unknown,
): HostFunction {
  const write = (value: unknown): unknown => (result === undefined ? undefined : toShaped(result, value));
  return {
    namespace,
    params: params.map(shapeOf),
    ...(result !== undefined && { result: shapeOf(result) }),
    types: { params, ...(result !== undefined && { result }) },
    call(args: readonly unknown[], context: HostCallContext) {
      const answer = call(
        params.map((type, i) => fromShaped(type, args[i])),
        context,
      );
      return answer instanceof Promise ? answer.then(write) : write(answer);
    },
    ...(failed && { failed: (error: ClocheError) => write(failed(error)) }),
  } as HostFunction;
}
