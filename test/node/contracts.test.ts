// The lists of facts in docs/contracts are complete, sourced, and without idle entries.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';

const root = resolve(import.meta.dirname, '../..');
const CITED = /\b(?:EX|WS)\d+\b/g;

/** File → the ids that it cites. */
const citations = new Map(
  ['src', 'workers', 'test', 'demo']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
    )
    .filter((name) => /\.(?:ts|wat)$/.test(name))
    .map((name) => [name, readFileSync(join(root, name), 'utf8').match(CITED) ?? []]),
);
const cited = new Set([...citations.values()].flat());

for (const [name, prefix] of [
  ['extism', 'EX'],
  ['windshift', 'WS'],
]) {
  const list = readFileSync(join(root, `docs/contracts/${name}.md`), 'utf8');
  const rows = [...list.matchAll(/^\| ([A-Z]+\d+) +\| (.*) \| (.*) \|$/gm)];
  const ids = rows.map(([, id = '']) => id);

  describe(`docs/contracts/${name}.md`, () => {
    it('gives each fact an id of its own', () => {
      assert.ok(rows.length > 30);
      assert.equal(new Set(ids).size, rows.length);
      for (const id of ids) assert.ok(id.startsWith(prefix ?? ''), id);
    });

    it('names the source of each fact', () => {
      for (const [, id, , source = ''] of rows) assert.match(source, /\]\(https:\/\//, id);
    });

    it('has each fact that a comment or a test cites', () => {
      for (const [file, found] of citations)
        for (const id of found.filter((id) => id.startsWith(prefix ?? '')))
          assert.ok(ids.includes(id), `${id} of ${file}`);
    });

    it('has no fact that nothing cites', () => {
      assert.deepEqual(
        ids.filter((id) => !cited.has(id)),
        [],
      );
    });
  });
}
