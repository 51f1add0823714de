// The import maps of a plugin's page, as they are read before the page is made ready.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readImportMaps } from '../../../src/frames/inline/import-map.ts';
import { readOutline } from '../../../src/frames/inline/outline.ts';
import { Pauses } from '../../../src/util/pauses.ts';

async function read(...maps: string[]): Promise<{ names: [string, string][]; warnings: string[] }> {
  const html = maps.map((map) => `<script type="importmap">${map}</script>`).join('\n');
  const warnings: string[] = [];
  const names = readImportMaps(await readOutline(html, new Pauses()), html, (text) => warnings.push(text));
  return { names: [...names], warnings };
}

describe('import maps of a page', () => {
  it('are read by name, the later one first', async () => {
    const { names, warnings } = await read('{"imports":{"a":"./a.js"}}', '{"imports":{"a":"./b.js","n":1}}');
    assert.deepEqual([names, warnings], [[['a', './b.js']], []]);
  });

  it('are left out where they are not JSON, as browsers do, and the developer is told', async () => {
    const { names, warnings } = await read('{"imports":', '{"imports":{"a":"./a.js"}}');
    assert.deepEqual(names, [['a', './a.js']]);
    assert.match(warnings.join(), /not valid JSON/);
  });

  it('U14: are left out where reading them would hold the page, and the developer is told', async () => {
    const long = JSON.stringify({ imports: { a: `./${'x'.repeat(65_536)}.js` } });
    const { names, warnings } = await read(long, '{"imports":{"b":"./b.js"}}');
    assert.deepEqual(names, [['b', './b.js']]);
    assert.match(warnings.join(), /longer than 65536 characters/);
  });
});
