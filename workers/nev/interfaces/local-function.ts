// Imports that are answered in the worker, since all that they touch is the guest's own.

import type { Channel } from '../../../src/runtime/wire/abi/channel.ts';
import type { SharedBuffer } from '../../../src/runtime/wire/abi/shared-buffer.ts';
import type { AbiFunction, AbiType, AbiValue } from '../../../src/runtime/wire/abi/types.ts';
import type { Rope } from '../resources/rope.ts';

/** An end of a channel. */
export interface ChannelEnd {
  readonly channel: Channel;
  release(): void;
}

interface ResourceOf {
  rope: Rope;
  'shared-buffer': SharedBuffer;
  'read-channel': ChannelEnd;
  'write-channel': ChannelEnd;
}

/** What a value of the type is here: of a resource the thing itself. */
export type LocalValue<T> = T extends { readonly own: infer N } | { readonly borrow: infer N }
  ? N extends keyof ResourceOf
    ? ResourceOf[N]
    : never
  : T extends { readonly option: infer E }
    ? LocalValue<E> | undefined
    : T extends { readonly tuple: infer L }
      ? { readonly [I in keyof L]: LocalValue<L[I]> }
      : AbiValue<T>;

type LocalArguments<P extends readonly unknown[]> = { -readonly [I in keyof P]: LocalValue<P[I]> };

export interface LocalFunction extends AbiFunction {
  run(args: readonly unknown[]): unknown;
}

/**
 * One that gives something. Text is `bytes` where nobody here reads it. Its types are bound only where they are given: what
 * stands for all of them has no end.
 */
export function gives<const P extends readonly unknown[], const R>(
  params: P & readonly AbiType[],
  result: R & AbiType,
  run: (...args: LocalArguments<P>) => LocalValue<R>,
): LocalFunction {
  return { params, result, run: (args) => run(...(args as never)) };
}

/** One that gives nothing. */
export function does<const P extends readonly unknown[]>(
  params: P & readonly AbiType[],
  run: (...args: LocalArguments<P>) => void,
): LocalFunction {
  return { params, run: (args) => run(...(args as never)) };
}
