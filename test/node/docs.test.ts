// What the documents name is there: files in code spans, and the targets of links.

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, it } from 'node:test';

const root = resolve(import.meta.dirname, '../..');
const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];
const PATH = /`((?:(?:src|workers|test|demo|docs|build|scripts|plugins|bench|types)\/|…\/)[^`\s]*)`/g;

/** `…/b.ts` is beside the path before it in the same line. Those with a placeholder or made by a build are left out. */
function pathsIn(line: string): string[] {
  let before = '';
  return [...line.matchAll(PATH)]
    .map(([, path = '']) => {
      before = path.startsWith('…/') ? join(before.endsWith('/') ? before : dirname(before), path.slice(2)) : path;
      return before;
    })
    .filter((path) => !/[<*]/.test(path));
}

for (const document of DOCUMENTS) {
  describe(document, () => {
    const lines = readFileSync(join(root, document), 'utf8').split('\n');

    it('names files that are there', () => {
      for (const path of lines.flatMap(pathsIn)) assert.ok(existsSync(join(root, path)), path);
    });

    it('links to what is there', () => {
      for (const [, target = ''] of lines.join('\n').matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)) {
        if (/^https?:/.test(target)) continue;
        assert.ok(existsSync(join(root, dirname(document), target)), target);
      }
    });

    it('links to headings that are there', () => {
      for (const [, target = '', anchor = ''] of lines.join('\n').matchAll(/\]\(([^)#\s]*)#([^)\s]+)\)/g)) {
        if (/^https?:/.test(target)) continue;
        const file = target === '' ? document : join(dirname(document), target);
        const headings = [...readFileSync(join(root, file), 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, text = '']) =>
          slug(text),
        );
        assert.ok(headings.includes(anchor), `${target}#${anchor}`);
      }
    });
  });
}

/** As GitHub names headings. */
function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}
