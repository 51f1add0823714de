import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { de } from '../../../src/elements/admin/words/de/index.ts';
import { en } from '../../../src/elements/admin/words/en/index.ts';
import { databases as databasesDe } from '../../../src/elements/databases/words/de.ts';
import { databases } from '../../../src/elements/databases/words/en.ts';
import { pages as pagesDe } from '../../../src/elements/extension/words/de.ts';
import { pages } from '../../../src/elements/extension/words/en.ts';
import { palette as paletteDe } from '../../../src/elements/palette/words/de.ts';
import { palette } from '../../../src/elements/palette/words/en.ts';
import { tasks as tasksDe } from '../../../src/elements/tasks/words/de.ts';
import { tasks } from '../../../src/elements/tasks/words/en.ts';
import { type Message, partsOf } from '../../../src/elements/words/message.ts';
import type { Catalogue } from '../../../src/elements/words/message-key.ts';

/** Names of values, each once. */
function namesOf(message: Message): string[] {
  const texts = typeof message === 'string' ? [message] : Object.values(message);
  return [...new Set(texts.flatMap((text) => partsOf(text).filter((_, at) => at % 2 === 1)))].sort();
}

// All that an app can translate, by its type: an element whose words are missing here does not compile.
const all: Catalogue = { ...en, ...pages, ...palette, ...tasks, ...databases };
const german: Catalogue = { ...de, ...pagesDe, ...paletteDe, ...tasksDe, ...databasesDe };
const keys = Object.keys(all) as (keyof Catalogue)[];

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
