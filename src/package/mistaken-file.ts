// Files that are taken for a plugin by mistake: what each is, and what helps.

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
export function mistakenFile(bytes: Uint8Array): string | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 256)).replace(/^\xef\xbb\xbf/, '');
  return KNOWN.find(([is]) => is(start))?.[1];
}
