import { type Capability, defineCapability, type HostCallContext } from '../../src/index.ts';
import type { Expect, Same } from './expect-type.ts';

/** `defineCapability` types the arguments of a host function by its declared shapes. */
export const stock: Capability = defineCapability({
  name: 'stock',
  functions: {
    stock_move: {
      params: ['text', 'i64', 'bytes', 'json', 'i32', 'f64'],
      result: 'i64',
      call(args, context) {
        type _Arguments = Expect<Same<typeof args, [string, bigint, Uint8Array, unknown, number, number]>>;
        type _Context = Expect<Same<typeof context, HostCallContext>>;
        return args[1];
      },
    },
    stock_name: {
      params: ['i32'],
      result: 'text',
      // It may take its time, and may have no answer.
      call: async ([shelf]) => (shelf > 0 ? `shelf ${shelf}` : null),
    },
    stock_sync: { params: [], call: () => 'what is not declared is dropped' },
  },
});

defineCapability({
  name: 'wrong-result',
  functions: {
    // @ts-expect-error: a text is not an i64
    count: { params: [], result: 'i64', call: () => 'three' },
  },
});

defineCapability({
  name: 'wrong-shape',
  // @ts-expect-error: there is no such shape
  functions: { count: { params: ['i128'], call: () => undefined } },
});

// @ts-expect-error: a capability has functions, if only none
defineCapability({ name: 'empty' });

/** What a host function is told is not its own to change. */
export function changes(context: HostCallContext): void {
  // @ts-expect-error: read only
  context.plugin.id = 'another';
  // @ts-expect-error: read only
  context.grant = { allow: ['*'] };
}
