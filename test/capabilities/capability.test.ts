import { assert } from 'chai';
import { defineCapability } from '../../src/capabilities/capability.ts';
import type { HostCallContext } from '../../src/capabilities/host-function.ts';
import { throwsCode } from '../helpers/expect-code.ts';

/** Compiles only when the types are the same. */
function isExactly<A>() {
  return <B extends A>(_value: B & ([A] extends [B] ? unknown : never)): void => undefined;
}

describe('defineCapability', () => {
  it('keeps functions by name, and the default namespace', () => {
    const items = defineCapability({
      name: 'items',
      functions: {
        add: { params: ['i64', 'i64'], result: 'i64', call: ([a, b]) => a + b },
      },
    });
    assert.equal(items.namespace, 'extism:host/user');
    assert.deepEqual([...items.functions.keys()], ['add']);
    assert.equal(items.functions.get('constructor'), undefined);
    const answer = items.functions.get('add')?.call([1n, 2n], {} as HostCallContext);
    assert.equal(answer, 3n);
  });

  it('types arguments and results from the shapes', () => {
    defineCapability({
      name: 'types',
      functions: {
        mixed: {
          params: ['json', 'bytes', 'text', 'i64', 'f64'],
          result: 'json',
          call: async ([json, bytes, text, long, double], context) => {
            isExactly<unknown>()(json);
            isExactly<Uint8Array>()(bytes);
            isExactly<string>()(text);
            isExactly<bigint>()(long);
            isExactly<number>()(double);
            isExactly<HostCallContext>()(context);
            return { any: 'value' };
          },
        },
        quiet: { params: ['text'], call: ([text]) => console.log(text) },
        maybe: { params: ['bytes'], result: 'bytes', call: ([bytes]) => bytes ?? null },
      },
    });
    defineCapability({
      name: 'wrong-result',
      functions: {
        // @ts-expect-error bytes are not an i64
        wrong: { params: ['bytes'], result: 'i64', call: ([bytes]) => bytes },
      },
    });
  });

  const refused: [string, () => unknown][] = [
    ['a name with a dot', () => defineCapability({ name: 'a.b', functions: {} })],
    ['an empty name', () => defineCapability({ name: '', functions: {} })],
    [
      'an unknown shape',
      () =>
        defineCapability({
          name: 'x',
          // @ts-expect-error i33 is not a shape
          functions: { f: { params: ['i33'], call: () => undefined } },
        }),
    ],
    [
      'no call',
      // @ts-expect-error `call` is missing
      () => defineCapability({ name: 'x', functions: { f: { params: [] } } }),
    ],
  ];
  for (const [what, make] of refused) {
    it(`refuses ${what} with OPTION_INVALID`, () => {
      throwsCode('OPTION_INVALID', make);
    });
  }
});
