import type { Plugin } from 'vite';

const SDK = /@extism\/extism\/dist\/browser\/mod\.js$/;

/**
 * What of the SDK no worker of Cloche comes to, in the form that its minified file has, and what stands there instead. The
 * bundler then drops all that only these places use.
 */
const UNUSED: readonly { readonly what: string; readonly found: RegExp; readonly instead: string }[] = [
  // Serves only `runInWorker`: a second copy of the whole SDK as base64, 74 kB that gzip cannot shrink.
  { what: 'worker', found: /data:text\/javascript;base64,[\w+/=]{10000,}/g, instead: 'data:text/javascript,' },
  // A cell has no worker inside a worker.
  { what: 'choice of `runInWorker`', found: /\(\w+\.runInWorker\?\w+:(\w+)\)\(/g, instead: '($1)(' },
  // `extism:host/env` is a module of its own, which the worker links.
  { what: 'kernel in JavaScript', found: /this\[(\w+)\]=\{alloc:[\s\S]*?:4294967295\};/g, instead: 'this[$1]={};' },
  // `http_request` is the kernel's; what allows hosts there is a matcher of globs.
  { what: 'HTTP', found: /if\(\w+===\w+&&\w+==="http_request"&&[^{]+\)\{/g, instead: 'if(!1){' },
  // That matcher, minimatch, which would stay for the properties that it gives itself.
  {
    what: 'matcher of globs',
    found:
      /var \w+=\w+\(\w+\(\),1\);var \w+=\w+=>\{if\(typeof \w+!="string"\)throw new TypeError\("invalid pattern"\)[\s\S]*?\.unescape=\w+;(?=function)/g,
    instead: '',
  },
  // Each module has a WASI of its own, under a name that the SDK does not know.
  { what: 'WASI', found: /if\(\w+==="wasi_snapshot_preview1"&&\w+===null\)\{/g, instead: 'if(!1){' },
];

/** Takes out of the SDK what is never used here: more than half of what it weighs. */
export function extismWithoutUnused(): Plugin {
  return {
    name: 'cloche:extism-without-unused',
    transform: {
      filter: { id: SDK },
      handler(code) {
        return { code: UNUSED.reduce(without, code), map: null };
      },
    },
  };
}

function without(code: string, { what, found, instead }: (typeof UNUSED)[number]): string {
  const count = code.match(found)?.length ?? 0;
  // Another version may have it in another form, and then nobody would notice the weight.
  if (count !== 1) throw new Error(`Expected one ${what} inside the Extism SDK, found ${count}`);
  return code.replace(found, instead);
}
