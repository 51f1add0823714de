// Files that are no plugin, or one that does not run: what each is, and what helps. Comes late: most are one.

import { ClocheError } from '../errors.ts';
import { shown } from '../util/text/shown.ts';
import { isComponent, isModule } from '../util/wasm-header.ts';

const KNOWN: readonly (readonly [is: (start: string) => boolean, words: string])[] = [
  [
    (start) => start.startsWith('\x1f\x8b'),
    'is compressed with gzip: serve it with `Content-Encoding: gzip`, or unpack it first',
  ],
  [
    (start) => start.startsWith('version https://git-lfs'),
    'is a pointer of Git LFS, not the file itself: run `git lfs pull`, or take it from a release',
  ],
  [
    (start) => /^\s*<(?:!doctype html|html|!--)/i.test(start),
    'is a web page, which single-page apps answer for every path: check the URL',
  ],
  [
    (start) => /^\s*(?:\(\s*module|;;|\(;)/.test(start),
    'is WebAssembly text: assemble it first, with `wat2wasm` for example',
  ],
];

/** What a file is that is none of ours, if it is one that people meet; reads on after the name of the file. */
function mistakenFile(bytes: Uint8Array): string | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 256)).replace(/^\xef\xbb\xbf/, '');
  return KNOWN.find(([is]) => is(start))?.[1];
}

/** MODULE_REJECTED: why bytes are no core module. */
export function moduleProblem(bytes: Uint8Array, what: string): ClocheError {
  if (isComponent(bytes)) {
    return new ClocheError('MODULE_REJECTED', `${what} is a WebAssembly component, and a core module is wanted here`);
  }
  const mistaken = mistakenFile(bytes);
  const other = mistaken === undefined ? 'is not WebAssembly' : `is not WebAssembly: it ${mistaken}`;
  const problem = isModule(bytes) ? 'is cut off, or of another version than 1' : other;
  return new ClocheError('MODULE_REJECTED', `${what} ${problem}`);
}

/** SOURCE_INVALID: why bytes are nothing that can be installed. */
export function sourceProblem(bytes: Uint8Array, place: string): ClocheError {
  const what = mistakenFile(bytes) ?? 'is not a WebAssembly module, a zip package or a JSON manifest';
  const start =
    bytes.length === 0 ? 'it is empty' : `it starts with ${shown(new TextDecoder().decode(bytes.subarray(0, 24)))}`;
  return new ClocheError('SOURCE_INVALID', `${place} ${what} (${start})`);
}
