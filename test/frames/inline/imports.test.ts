// What a script imports, by a table.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the strings are scripts

import { assert } from 'chai';
import { applyEdits } from '../../../src/frames/inline/edits.ts';
import { findImports, type ImportScope, type Imports, importSteps } from '../../../src/frames/inline/imports.ts';
import { atOnce } from '../../../src/util/pauses.ts';

const PACKAGE = new Set(['a.js', 'b.js', 'data.json']);

const SCOPE: ImportScope = {
  url: 'https://h/assets/main.js',
  find: (specifier) => [...PACKAGE].find((path) => specifier.endsWith(`/${path}`)),
  urlOf: (path) => `https://h/assets/${path}`,
};
const read = (source: string): Imports => atOnce(importSteps(findImports(source), SCOPE));

const ROWS: readonly (readonly [string, string, string])[] = [
  ['a name', "import { x } from './a.js'", "import { x } from 'https://h/assets/a.js'"],
  ['a side effect', "import'./a.js'", "import'https://h/assets/a.js'"],
  [
    'a re-export',
    "export * from './a.js'; export { y } from './b.js'",
    "export * from 'https://h/assets/a.js'; export { y } from 'https://h/assets/b.js'",
  ],
  ['an absolute path', "import '/assets/a.js'", "import 'https://h/assets/a.js'"],
  [
    'JSON',
    "import d from './data.json' with { type: 'json' }",
    "import d from 'https://h/assets/data.json' with { type: 'json' }",
  ],
  ['a file that is loaded late', "import('./a.js').then(x)", 'import("https://h/assets/a.js").then(x)'],
  [
    'a name that only the script knows',
    'import(`./${x}.js`)',
    'import(__cloche.resolve(`./${x}.js`, "https://h/assets/main.js"))',
  ],
  [
    'a name that is put together',
    "import('./' + x, { with: y })",
    'import(__cloche.resolve(\'./\' + x, "https://h/assets/main.js"), { with: y })',
  ],
  ['its own URL', 'f(import.meta.url)', 'f(__cloche.meta("https://h/assets/main.js").url)'],
  ['a package', "import x from 'react'", "import x from 'react'"],
  ['a file of another site', "import 'https://esm.example/a.css'", "import 'https://esm.example/a.css'"],
  [
    'text that looks like one',
    "const s = \"import './a.js'\" // import './b.js'",
    "const s = \"import './a.js'\" // import './b.js'",
  ],
];

describe('reading imports', () => {
  for (const [what, source, expected] of ROWS) {
    it(`takes ${what}`, () => assert.equal(applyEdits(source, read(source).edits), expected));
  }

  it('says which files are imported, what is foreign, and whether there may be more', () => {
    const { paths, foreign, isOpen } = read(
      "import './a.js'; import('./b.js'); import 'react'; import './none.js'; import(x)",
    );
    assert.deepEqual(
      { paths, foreign, isOpen },
      { paths: ['a.js', 'b.js'], foreign: ['react', './none.js'], isOpen: true },
    );
  });

  it('throws for what is not JavaScript', () => {
    assert.throws(() => read("import { from './a.js'"));
  });
});
