// What a worker answers for `kv` of Windshift from leased data is to the letter what the page would have answered.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import type { HostCallContext } from '../../../../src/capabilities/host-function.ts';
import type { KvService } from '../../../../src/capabilities/services.ts';
import { windshiftKv } from '../../../../src/dialects/windshift/functions/kv.ts';
import { writeLease } from '../../../../src/runtime/wire/lease.ts';
import type { FunctionShape, OneWayCall } from '../../../../src/runtime/wire/protocol.ts';
import { LeasedData } from '../../../../workers/host-calls/leased-data.ts';
import type { PagePort } from '../../../../workers/page-port.ts';

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: unknown) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes as Uint8Array);

const TERMS = { trustMs: 1e9, mostBytes: 1e9, mostKeys: 1e9, mostKeyBytes: 1e9, mostValueBytes: 1e9 };
const context = { describing: false } as HostCallContext;

/** Values as they are, and requests as a plugin might write them. */
const text = fc.constantFrom(
  '',
  'a',
  'b',
  'two words',
  '"',
  '\\',
  '\n\t\b\f\u0001',
  '<a>&',
  '\u2028',
  'é😀',
  '\ufeffx',
);
const half = fc.constantFrom('"\\ud800"', '"\\u0041"', '"\\/"');
const spelt = fc.oneof({ weight: 5, arbitrary: text.map((value) => JSON.stringify(value)) }, half, fc.constant('1'));
const request = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(spelt, spelt).map(([key, value]) => `{"key":${key},"value":${value}}`) },
  spelt.map((key) => `{ "key" : ${key} }`),
  fc.tuple(spelt, spelt).map(([key, other]) => `{"key":${key},"key":${other}}`),
  fc.tuple(spelt, spelt).map(([key, value]) => `{"VALUE":${value},"Key":${key}}`),
  fc.constantFrom('', '{}', 'null', '[]', '{"key":"a"', '{"key":"a"} x', '\ufeff{"key":"a"}'),
);
const step = fc.record({ name: fc.constantFrom('kv_get', 'kv_set', 'kv_delete'), request });

it('H21: is to the letter what the page answers, or is left to it', async () => {
  let answered = 0;
  const run = async (steps: readonly { name: string; request: string }[]) => {
    const stored = new Map<string, Uint8Array>();
    const service: KvService = {
      use: (_context, work) =>
        work({
          get: async (key) => stored.get(key) ?? null,
          set: () => Promise.reject(new Error('not used')),
          delete: async (key) => stored.delete(key),
          keys: async () => [...stored.keys()],
        }),
      set: async (key, value) => stored.set(key, value) instanceof Map,
    };
    const functions = [...windshiftKv(service)];
    const posted: OneWayCall[] = [];
    const shapes = functions.map(([, { leased }]) => ({ leased }) as FunctionShape);
    const data = new LeasedData(shapes, { say: (call: OneWayCall) => posted.push(call) } as unknown as PagePort);
    const lease = () => {
      data.asks();
      data.heard([null, writeLease({ terms: { ...TERMS, bytes: 0 }, values: stored }), 1_000]);
    };
    lease();
    for (const { name, request } of steps) {
      const index = functions.findIndex(([fn]) => fn === name);
      const here = data.answer(index, [encode(request)]);
      const there = await functions[index]?.[1].call([encode(request)] as never, context);
      if (!here) lease();
      else {
        answered++;
        assert.equal(decode(here[0]), decode(there), `${name} ${request}`);
        const call = posted.pop();
        if (call) assert.equal(decode(call.answer), decode(there));
      }
    }
  };
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 30 }), run), { numRuns: 300 });
  assert.ok(answered > 500, `${answered} answers were compared`);
});
