import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { problemsOf } from '../../../../src/config/schema-problems.ts';
import {
  configOf,
  type Draft,
  draftOf,
  enteredValue,
  type FormField,
  fieldsOf,
  problemOf,
} from '../../../../src/elements/admin/config/config-fields.ts';
import type { ConfigSchema } from '../../../../src/manifest/plugin-manifest.ts';

const schemaOf = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more }) as ConfigSchema;
const fieldOf = (field: object): FormField => {
  const [found] = fieldsOf(schemaOf({ a: field }));
  if (!found) throw new Error('Expected a field');
  return found;
};

describe('fields of a form', () => {
  const cases: [string, object][] = [
    ['secret', { type: 'string', writeOnly: true, enum: ['x'] }],
    ['switch', { type: 'boolean' }],
    ['choice', { type: 'integer', enum: [1, 2] }],
    ['choice', { type: 'string', oneOf: [{ const: 'a', title: 'A' }] }],
    ['number', { type: 'number' }],
    ['lines', { type: 'array', items: { type: 'string' } }],
    ['json', { type: 'array', items: { type: 'number' } }],
    ['json', { type: 'object' }],
    ['long-text', { type: 'string', maxLength: 2_000 }],
    ['url', { type: 'string', format: 'uri' }],
    ['text', { type: 'string', format: '__proto__' }],
    ['text', { type: 'string', enum: Array.from({ length: 1_000 }, (_, at) => String(at)) }],
  ];
  for (const [kind, field] of cases) {
    it(`are ${kind} for ${JSON.stringify(field).slice(0, 60)}`, () => assert.equal(fieldOf(field).kind, kind));
  }

  it('have the title of the schema where it is a text, else their name', () => {
    assert.equal(fieldOf({ type: 'string', title: 'A title' }).title, 'A title');
    assert.equal(fieldOf({ type: 'string', title: { toString: 'x' } }).title, 'a');
  });

  it('show what holds, and give it back as it was', () => {
    const values: [object, unknown][] = [
      [{ type: 'string' }, 'text'],
      [{ type: 'number' }, 1.5],
      [{ type: 'boolean' }, false],
      [{ type: 'integer', enum: [1, 2] }, 2],
      [{ type: 'array', items: { type: 'string' } }, ['a', 'b']],
      [{ type: 'object' }, { a: [1] }],
    ];
    for (const [schema, value] of values) {
      const field = fieldOf(schema);
      assert.deepEqual(enteredValue(field, draftOf(field, value)), { value });
      assert.deepEqual(enteredValue(field, draftOf(field, undefined)), { value: undefined });
    }
  });

  it('never show a secret', () => {
    assert.deepEqual(draftOf(fieldOf({ type: 'string', writeOnly: true }), 'sk-0123456789'), { text: '' });
  });

  it('say what is no value at all before anybody is asked', () => {
    assert.deepEqual(enteredValue(fieldOf({ type: 'object' }), { text: '{' }), { misread: 'json' });
    assert.deepEqual(enteredValue(fieldOf({ type: 'number' }), { text: 'e' }), { misread: 'number' });
  });
});

describe('a config that is entered', () => {
  const fields = fieldsOf(
    schemaOf({ a: { type: 'string' }, b: { type: 'number' }, token: { type: 'string', writeOnly: true } }),
  );
  const made = (drafts: Record<string, Draft>, own: Record<string, string> = {}, others = {}) =>
    configOf(fields, new Map(Object.entries(drafts)), new Map(Object.entries(own)), others);

  it('leaves to the manifest what that says itself', () => {
    assert.deepEqual(made({ a: { text: 'x' }, b: { text: '2' } }, { a: 'x', b: '3' }), { config: { b: 2 } });
  });

  it('keeps what has no field', () => {
    assert.deepEqual(made({ a: { text: '' } }, {}, { other: 'y' }), { config: { other: 'y' } });
  });

  it('changes only the secrets that were entered or are to be forgotten', () => {
    assert.deepEqual(made({ token: { text: '' } }), { config: {} });
    assert.deepEqual(made({ token: { text: 'sk-0123456789' } }), { config: { token: 'sk-0123456789' } });
    assert.deepEqual(made({ token: { text: '', secret: 'forget' } }), { config: { token: null } });
  });

  it('is none while something cannot be read', () => {
    assert.deepEqual(made({ b: { text: 'two' } }), { misread: new Map([['b', 'number']]) });
  });
});

describe('what the core finds wrong', () => {
  const schema = schemaOf(
    {
      n: { type: 'integer', minimum: 1, maximum: 5 },
      s: { type: 'string', minLength: 3, maxLength: 5 },
      e: { type: 'string', enum: ['a'] },
      f: { type: 'string', format: 'email' },
      p: { type: 'string', pattern: '^x$' },
      l: { type: 'array', items: { type: 'integer' } },
      r: { type: 'string' },
    },
    { required: ['r'] },
  );
  const cases: [object, ReturnType<typeof problemOf>['kind'], string, string | undefined][] = [
    [{ n: 0 }, 'low', '1', undefined],
    [{ n: 9 }, 'high', '5', undefined],
    [{ n: '1' }, 'type', 'integer', undefined],
    [{ s: 'x' }, 'short', '3', undefined],
    [{ s: 'xxxxxx' }, 'long', '5', undefined],
    [{ e: 'b' }, 'choice', '["a"]', undefined],
    [{ f: 'x' }, 'format', 'email', undefined],
    [{ p: 'y' }, 'other', '', undefined],
    [{ l: [1, 'x'] }, 'type', 'integer', 'l[1]'],
  ];
  for (const [value, kind, limit, within] of cases) {
    it(`is said as ${kind} of ${JSON.stringify(value)}`, () => {
      const [found] = problemsOf(schema, { r: 'r', ...value }).map(problemOf);
      const [field] = Object.keys(value);
      assert.deepEqual([found?.field, found?.kind, found?.limit, found?.within], [field, kind, limit, within]);
    });
  }

  it('is said of the field that is missing', () => {
    const [found] = problemsOf(schema, {}).map(problemOf);
    assert.deepEqual([found?.field, found?.kind], ['r', 'required']);
  });
});
