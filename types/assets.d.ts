/** Compiled bytes of a WebAssembly text file; see build/wat.ts. */
declare module '*.wat' {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}

/** A worker bundled into the text of one classic script; see build/worker-source.ts. */
declare module '*?source' {
  const source: string;
  export default source;
}

/** A file in pieces, compressed and in base64; see build/pieces.ts. */
declare module '*?pieces' {
  const pieces: readonly (() => Promise<{ readonly default: string }>)[];
  export default pieces;
  export const packedBytes: number;
}

/** A file as text; Vite's own. */
declare module '*?raw' {
  const text: string;
  export default text;
}

interface ImportMeta {
  /** Every file that matches, by path, imported at once; Vite's own. */
  glob(pattern: string, options: { import: 'default'; eager: true }): Record<string, never>;
}

/** The part of Handlebars that reads templates, without the part that makes JavaScript of them. */
declare module 'handlebars/lib/handlebars/compiler/base.js' {
  /** @throws {Error} for what is no template @returns see `src/dialects/windmill/templates/syntax.ts` */
  export function parse(template: string): unknown;
  /** Made by Jison: one for all templates. */
  export const parser: { readonly symbols_: Readonly<Record<string, number>>; readonly lexer: { next(): unknown } };
}
