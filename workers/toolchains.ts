// What modules import when they were built for somewhere else: whose glue it is, and how to build for here.

interface Glue {
  readonly from: RegExp;
  /** Of the function. @default any */
  readonly name?: RegExp;
  readonly remedy: string;
}

/** The first that matches. */
const KNOWN: readonly Glue[] = [
  { from: /^wasi:/, remedy: 'WASI 0.2: build for wasm32-wasip1, or as a component' },
  {
    from: /^env$/,
    name: /^(?:abort|seed|trace)$/,
    remedy: 'the glue of AssemblyScript: give it a function of your own, as in `--use abort=index/myAbort`',
  },
  {
    from: /^env$/,
    name: /^(?:__cxa_|__resumeException|_Unwind_|invoke_)/,
    remedy: 'C++ exceptions: build with `-fwasm-exceptions`, or without exceptions',
  },
  { from: /^env$/, remedy: 'usually the glue of a toolchain: link it in, with Emscripten by -sSTANDALONE_WASM' },
  {
    from: /^go(?:js)?$/,
    remedy:
      'Go built for browsers: build with `GOOS=wasip1 GOARCH=wasm go build -buildmode=c-shared`, or ' +
      '`tinygo build -target wasip1 -buildmode=c-shared`',
  },
  {
    from: /^wbg$|^__wbindgen|_bg\.js$/,
    remedy:
      'the glue of wasm-bindgen: build for wasm32-wasip1 without it, and switch off what pulls it in, such as the ' +
      'feature `js` of getrandom or `wasmbind` of chrono',
  },
];

/** What would provide an import that nothing provides, as far as its name tells. */
export function remedyFor(from: string, name: string): string {
  return (
    KNOWN.find((glue) => glue.from.test(from) && (glue.name?.test(name) ?? true))?.remedy ??
    'no capability of this host has it: pass one made with `defineCapability`, or link a module of that name'
  );
}
