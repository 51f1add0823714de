import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { de } from '../../../src/elements/admin/words/de/index.ts';
import { en } from '../../../src/elements/admin/words/en/index.ts';
import { type Message, partsOf } from '../../../src/elements/admin/words/message.ts';
import { pages as pagesDe } from '../../../src/elements/extension/words/de.ts';
import { pages } from '../../../src/elements/extension/words/en.ts';

/** Names of values, each once. */
function namesOf(message: Message): string[] {
  const texts = typeof message === 'string' ? [message] : Object.values(message);
  return [...new Set(texts.flatMap((text) => partsOf(text).filter((_, at) => at % 2 === 1)))].sort();
}

const all = { ...en, ...pages };
const german = { ...de, ...pagesDe };
const keys = Object.keys(all) as (keyof typeof all)[];

describe('the words of the elements', () => {
  it('are in German as in English, with the same values in them', () => {
    assert.deepEqual(Object.keys(german).sort(), [...keys].sort());
    for (const key of keys) assert.deepEqual(namesOf(german[key]), namesOf(all[key]), key);
  });

  it('have no backticks, and no words of the code', () => {
    for (const message of [...Object.values(all), ...Object.values(german)]) {
      const text = typeof message === 'string' ? message : Object.values(message).join(' ');
      assert.doesNotMatch(text, /`|undefined|\bnull\b|host function/, text);
    }
  });
});
