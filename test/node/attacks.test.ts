// The list of attacks names tests that are there, and speak of the case.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';

const root = resolve(import.meta.dirname, '../..');
const list = readFileSync(join(root, 'docs/attacks.md'), 'utf8');
const rows = [...list.matchAll(/^\| ([A-Z]\d+) +\| (.*) \|$/gm)].map(([, id = '', text = '']) => ({ id, text }));

describe('docs/attacks.md', () => {
  it('gives each case an id of its own', () => {
    assert.ok(rows.length > 80);
    assert.equal(new Set(rows.map(({ id }) => id)).size, rows.length);
  });

  it('names a test for each case, or the page that says why there is none', () => {
    for (const { id, text } of rows) {
      const files = [...text.matchAll(/\]\(\.\.\/(test\/[^)]+)\)/g)].map(([, file = '']) => file);
      assert.ok(
        files.length > 0 || text.includes('](security.md)') || text.includes('](../demo/'),
        `${id} is held by nothing`,
      );
      for (const file of files)
        assert.match(readFileSync(join(root, file), 'utf8'), new RegExp(`\\b${id}\\b`), `${id} in ${file}`);
    }
  });

  it('knows each case that a test begins with', () => {
    const known = new Set(rows.map(({ id }) => id));
    const tests = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.test.ts'),
    );
    for (const name of tests) {
      const text = readFileSync(join(root, 'test', name), 'utf8');
      for (const [, id = ''] of text.matchAll(/\bit\(['"`]([CMPHNUX]\d+)[:,]/g))
        assert.ok(known.has(id), `${id} of ${name}`);
    }
  });
});
