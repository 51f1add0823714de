import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withSchema } from '../../../src/config/config-schema.ts';
import type { ClocheError } from '../../../src/errors.ts';
import { copyData } from '../../../src/util/json/untrusted-json.ts';

const PATH = ['configSchema'];
const NOTHING = new Map<string, string>();

const read = (schema: unknown, config = NOTHING) => withSchema(config, copyData(schema), PATH);
const field = (name: string, schema: object) => ({ type: 'object', properties: { [name]: schema } });

function refuses(schema: unknown, text: RegExp): void {
  assert.throws(
    () => read(schema),
    (thrown: ClocheError) => {
      assert.equal(thrown.code, 'MANIFEST_INVALID');
      assert.match(thrown.message, text);
      return true;
    },
  );
}

describe('the schema of a config', () => {
  it('is that of an object, each property with one type', () => {
    const schema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: {
        endpoint: { type: 'string', format: 'uri', title: 'Where it is' },
        servers: { type: 'array', items: { $ref: '#/$defs/server' } },
        token: { type: 'string', writeOnly: true, 'x-hosts': ['https://api.example.com'] },
      },
      required: ['endpoint'],
      $defs: { server: { type: 'object', properties: { port: { type: 'integer' } } } },
    };
    assert.deepEqual(structuredClone(read(schema).configSchema), schema);
  });

  it('gives its defaults to the config, as text, below what the manifest says', () => {
    const schema = {
      type: 'object',
      properties: {
        text: { type: 'string', default: 'a' },
        count: { type: 'integer', default: 3 },
        list: { type: 'array', default: ['x'] },
        own: { type: 'string', default: 'b' },
        none: { type: 'string' },
      },
    };
    const { config } = read(schema, new Map([['own', 'mine']]));
    assert.deepEqual(
      [...config],
      [
        ['text', 'a'],
        ['count', '3'],
        ['list', '["x"]'],
        ['own', 'mine'],
      ],
    );
  });

  for (const [what, schema, text] of [
    ['no object', [], /`configSchema` should be a JSON Schema of `"type": "object"`/],
    ['of another type', { type: 'string' }, /"type": "object"/],
    ['without properties', { type: 'object' }, /configSchema\.properties/],
    ['with a property without a type', field('a', {}), /configSchema\.properties\.a\.type/],
    ['with a property of two types', field('a', { type: ['string', 'null'] }), /should be one of string, number/],
    ['with a property that is no schema', field('a', [true]), /configSchema\.properties\.a/],
    ['with a schema below that is none', field('a', { type: 'array', items: 5 }), /a\.items` should be a schema/],
    ['with a remote reference', field('a', { type: 'object', $ref: 'https://evil.example/s.json' }), /\$ref/],
    ['with a reference to nothing', field('a', { type: 'object', $ref: '#/$defs/a' }), /\$ref/],
    ['with a name of its own', field('a', { type: 'object', $id: 'https://evil.example/' }), /\$id/],
    ['with a dynamic reference', field('a', { type: 'object', $dynamicRef: '#a' }), /\$dynamicRef/],
    ['too long', { ...field('a', { type: 'string' }), description: 'x'.repeat(70_000) }, /more than 65536/],
    ['with a secret number', field('a', { type: 'number', writeOnly: true }), /it is a secret/],
    [
      'with a secret within a field, which would be kept as text',
      field('a', { type: 'object', properties: { b: { type: 'string', writeOnly: true } } }),
      /configSchema\.properties\.a\.properties\.b\.writeOnly.*nothing within one is kept as a secret/,
    ],
    [
      'with a field that is a secret only by a reference',
      { ...field('a', { type: 'string', $ref: '#/$defs/s' }), $defs: { s: { writeOnly: true } } },
      /\$defs.*writeOnly/,
    ],
    ['with a secret that everybody knows', field('a', { type: 'string', writeOnly: true, default: 'x' }), /default/],
    [
      'with a secret of a name that no handle has',
      field('a b', { type: 'string', writeOnly: true }),
      /no name of a secret/,
    ],
    ['with a host that is none', field('a', { type: 'string', writeOnly: true, 'x-hosts': ['*.com'] }), /host/i],
  ] as const) {
    it(`is refused ${what}`, () => refuses(schema, text));
  }

  it('P13: is refused where a reference leads back to itself', () => {
    refuses(
      {
        ...field('a', { type: 'object', $ref: '#/$defs/a' }),
        $defs: { a: { anyOf: [{ $ref: '#/$defs/b' }] }, b: { not: { $ref: '#/$defs/a' } } },
      },
      /leads back to itself/,
    );
  });

  it('P13: is refused where references to references double', () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 12 }, (_, i) => [
        `d${i}`,
        { allOf: [{ $ref: `#/$defs/d${i + 1}` }, { $ref: `#/$defs/d${i + 1}` }] },
      ]),
    );
    refuses({ ...field('a', { type: 'object', $ref: '#/$defs/d0' }), $defs: { ...$defs, d12: true } }, /steps/);
  });

  it('P13: is refused where it is nested too deep', () => {
    let schema: object = { type: 'string' };
    for (let depth = 0; depth < 40; depth++) schema = { type: 'array', items: schema };
    refuses(field('a', schema), /nested deeper/);
  });

  it('does not take names of fields for keywords, nor data for schemas', () => {
    const schema = {
      type: 'object',
      properties: {
        $ref: { type: 'string' },
        id: { type: 'string', enum: ['a'] },
        it: { type: 'object', const: { $ref: 'https://example.com', items: 5 } },
      },
    };
    assert.deepEqual(structuredClone(read(schema).configSchema), schema);
  });

  it('refuses the value of a secret in the manifest', () => {
    const schema = copyData(field('token', { type: 'string', writeOnly: true }));
    assert.throws(() => withSchema(new Map([['token', 'abc']]), schema, PATH), /`config.token` is a secret/);
  });
});
