import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isJson } from '../../../../src/dialects/windshift/http/json-text.ts';

const MOST_PARSED = 4 << 20;

describe('WS12: whether an answer is JSON', () => {
  for (const text of ['{}', ' [1]\n', '"x"', 'null', '-1.5', `["${'x'.repeat(MOST_PARSED - 4)}"]`]) {
    it(`${text.slice(0, 9)} is`, () => assert.equal(isJson(text), true));
  }

  for (const text of ['', '{', '[1,]', "{'a':1}", '<p>', '{a}', `[${'x'.repeat(MOST_PARSED - 2)}]`]) {
    it(`${text.slice(0, 9)} is not`, () => assert.equal(isJson(text), false));
  }

  it('is told by both ends beyond 4 MiB, or 100,000 marks, where parsing would hold the page', () => {
    const long = 'x'.repeat(MOST_PARSED);
    assert.equal(isJson(`  {${long}]\n`), true);
    assert.equal(isJson(`[${'[],'.repeat(99_999)}`), false);
    assert.equal(isJson(`[${'[],'.repeat(99_999)}]`), true);
    assert.equal(isJson(`"${long}"`), false);
    assert.equal(isJson(long), false);
  });
});
