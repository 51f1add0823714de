import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { de } from '../../../src/elements/admin/words/de/index.ts';
import { en } from '../../../src/elements/admin/words/en/index.ts';
import { type Message, partsOf } from '../../../src/elements/admin/words/message.ts';

/** Names of values, each once. */
function namesOf(message: Message): string[] {
  const texts = typeof message === 'string' ? [message] : Object.values(message);
  return [...new Set(texts.flatMap((text) => partsOf(text).filter((_, at) => at % 2 === 1)))].sort();
}

const keys = Object.keys(en) as (keyof typeof en)[];

describe('the words of the admin elements', () => {
  it('are in German as in English, with the same values in them', () => {
    assert.deepEqual(Object.keys(de).sort(), [...keys].sort());
    for (const key of keys) assert.deepEqual(namesOf(de[key]), namesOf(en[key]), key);
  });

  it('have no backticks, and no words of the code', () => {
    for (const message of [...Object.values(en), ...Object.values(de)]) {
      const text = typeof message === 'string' ? message : Object.values(message).join(' ');
      assert.doesNotMatch(text, /`|undefined|\bnull\b|host function/, text);
    }
  });
});
