import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { textOf, valuesOf } from '../../../src/config/config-values.ts';
import { problemsOf } from '../../../src/config/schema-problems.ts';
import type { ConfigSchema } from '../../../src/manifest/plugin-manifest.ts';

const SCHEMA: ConfigSchema = {
  type: 'object',
  properties: {
    endpoint: { type: 'string', format: 'uri' },
    count: { type: 'integer', minimum: 1 },
    servers: {
      type: 'array',
      items: { type: 'object', properties: { port: { type: 'integer' } }, required: ['port'] },
    },
  },
  required: ['endpoint'],
  additionalProperties: false,
};

const problems = (value: object) => problemsOf(SCHEMA, value).map(({ path, field }) => [path, field]);

describe('what is wrong with a config', () => {
  it('is nothing where it is as its schema takes it', () => {
    assert.deepEqual(problems({ endpoint: 'https://example.com', count: 2, servers: [{ port: 1 }] }), []);
  });

  it('has the place and the field', () => {
    assert.deepEqual(problems({ endpoint: 'https://example.com', servers: [{ port: 1 }, { port: 'x' }] }), [
      ['servers[1].port', 'servers'],
    ]);
    assert.deepEqual(problems({ endpoint: 'https://example.com', servers: [{}] }), [['servers[0]', 'servers']]);
  });

  it('says what was expected, once each', () => {
    const found = problemsOf(SCHEMA, { endpoint: 'no URL', count: 0, other: 1 });
    assert.deepEqual(found.map(({ path }) => path).sort(), ['count', 'endpoint', 'other']);
    for (const { expected } of found) assert.notEqual(expected, '');
  });

  it('is of all of it where a field is missing', () => {
    assert.deepEqual(problems({}), [['', undefined]]);
  });

  it('throws for a schema that cannot be used', () => {
    assert.throws(() => problemsOf({ properties: { a: { pattern: '(' } } }, { a: 'x' }));
  });
});

describe('what a guest reads of a config', () => {
  it('is read back as it was set, whatever it is', () => {
    const types = ['string', 'number', 'boolean', 'object', 'array'] as const;
    const values: Record<(typeof types)[number], fc.Arbitrary<unknown>> = {
      string: fc.string(),
      number: fc.double({ noNaN: true, noDefaultInfinity: true }).filter((one) => !Object.is(one, -0)),
      boolean: fc.boolean(),
      object: fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true }),
      array: fc.array(fc.oneof(fc.string(), fc.integer(), fc.constant(null))),
    };
    fc.assert(
      fc.property(
        fc.constantFrom(...types).chain((type) => values[type].map((value) => ({ type, value }))),
        ({ type, value }) => {
          const schema: ConfigSchema = { type: 'object', properties: { a: { type } } };
          assert.deepEqual(valuesOf(schema, [['a', textOf(value)]]), { a: value });
        },
      ),
    );
  });
});
