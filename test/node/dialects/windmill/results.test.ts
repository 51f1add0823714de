// What the handler of a route may give: the table `as_results_json` of docs/contracts/windmill.md, section 6.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resultJson } from '../../../../src/dialects/windmill/result-json.ts';

const JSON_VALUES: readonly (readonly [text: string, value: unknown])[] = [
  ['{"data":"Transmission package created successfully"}', { data: 'Transmission package created successfully' }],
  ['[1,null]', [1, null]],
  ['"text"', 'text'],
  ['null', null],
  ['0', 0],
];

const REFUSED: readonly (readonly [kind: string, value: unknown, message: string | RegExp])[] = [
  ['ok(string) that is not JSON', { tag: 'ok', val: 'no JSON' }, /^Failed to parse string as JSON: ./],
  ['ok(string) that is empty', { tag: 'ok', val: '' }, /^Failed to parse string as JSON: ./],
  ...[7, true, 7n, ['a'], { tag: 'ok', val: '1' }, new Uint8Array(1)].map(
    (val) => [`ok of ${typeof val}`, { tag: 'ok', val }, 'Unexpected boxed hook value type'] as const,
  ),
  ['ok without a value', { tag: 'ok' }, 'No value returned from plugin hook'],
  ['err(string)', { tag: 'err', val: 'Error get claims' }, 'Plugin hook error: Error get claims'],
  ['err(string) that is empty', { tag: 'err', val: '' }, 'Plugin hook error: '],
  ['err of another type', { tag: 'err', val: 5 }, 'Error executing plugin hook'],
  ['err without a value', { tag: 'err' }, 'Error executing plugin hook'],
  ...[undefined, null, 5, 5n, true, '{"a":1}', [], { tag: 'some', val: '1' }, {}].map(
    (value) => [`no result, but ${typeof value}`, value, 'Unexpected hook value type'] as const,
  ),
];

describe('the value of a handler', () => {
  it('is the JSON in the text of an ok', () => {
    for (const [val, value] of JSON_VALUES) assert.deepEqual(resultJson({ tag: 'ok', val }), value);
  });

  for (const [kind, value, message] of REFUSED) {
    it(`is refused in the words of the contract: ${kind}`, () => {
      assert.throws(() => resultJson(value), { message });
    });
  }
});
