import { type Unused, withoutUnused } from './without-unused.ts';

const UNUSED: readonly Unused[] = [
  // Serves only `runInWorker`: a second copy of the whole SDK as base64, 74 kB that gzip cannot shrink.
  { what: 'worker', found: /new URL\("data:text\/javascript;base64,[\w+/=]{10000,}"\)/g, instead: '0' },
  // A cell has no worker inside a worker: neither the choice of one, nor what it would be spoken to with.
  { what: 'choice of `runInWorker`', found: /\(\w+\.runInWorker\?\w+:(\w+)\)\(/g, instead: '($1)(' },
  {
    what: 'plugin in a worker',
    found: /var \w+=new WeakMap,\w+=class extends\(globalThis\.Worker\|\|Object\)\{[\s\S]*?\.SAB_IDX=0;/g,
    instead: '',
  },
  // `extism:host/env` is a module of its own, which is linked like any other, and has the memory of a call.
  {
    what: 'memory of a call, and kernel in JavaScript',
    found:
      /=class\{constructor\(\w+,\w+,\w+,\w+,\w+\)\{this\.#\w=\[\];[\s\S]*?\w+\.pop\(\),\w+=\w+===null\?1:0,[\s\S]*?,\w+\}\}/g,
    instead: '=class{}',
  },
  // Calls go to the instance, and outputs come from the kernel.
  {
    what: 'calls',
    found:
      /async reset\(\)\{return this\.isActive\(\)\?!1:\(this\.#\w\[\w+\]\(\),!0\)\}[\s\S]*?(?=async getInstance\(\)\{return this)/g,
    instead: '',
  },
  {
    what: 'output',
    found: /(var )\w+,\w+,(\w+)=class extends DataView\{[\s\S]*?\}\},(\w+)=\2;[\s\S]*?new TextDecoder\);/g,
    instead: '$1$3=class{};',
  },
  // Modules come compiled, and nothing is fetched.
  {
    what: 'other forms of a manifest',
    found: /if\(\w+ instanceof ArrayBuffer\)return\{wasm:[\s\S]*?\{redirect:"follow"\}\),\w+\);/g,
    instead: '',
  },
  { what: 'other forms of a module', found: /if\((\w+)\.data\)\{[\s\S]*?else (?=if\(\1\.module\))/g, instead: '' },
  { what: 'hash of a module', found: /if\((\w+)\.hash\)\{[\s\S]*?(?=return \w+\[\w+\]=\1\.name)/g, instead: '' },
  // `http_request` is the kernel's; what allows hosts there is a matcher of globs.
  { what: 'HTTP', found: /if\(\w+===\w+&&\w+==="http_request"&&[^{]+\)\{/g, instead: 'if(!1){' },
  // That matcher, minimatch, which would stay for the properties that it gives itself.
  {
    what: 'matcher of globs',
    found:
      /var \w+=\w+\(\w+\(\),1\);var \w+=\w+=>\{if\(typeof \w+!="string"\)throw new TypeError\("invalid pattern"\)[\s\S]*?\.unescape=\w+;(?=function)/g,
    instead: '',
  },
  // What is handed over is made by `workers/extism/link.ts` alone, and says nothing of hosts, paths or times.
  {
    what: 'checks of a manifest',
    found: /if\(!\("wasm"in \w+\)\)throw[\s\S]*?got bad item at index \$\{\w+\}`\);/g,
    instead: '',
  },
  {
    what: 'checks of options',
    found: /if\(\w+\.allowedPaths=\w+\.allowedPaths\|\|[\s\S]*?Readonly dirs are not supported: \$\{\w+\}`\)\}/g,
    instead: '',
  },
  { what: 'level of its log', found: /logLevel:\w+\(\w+\.logLevel\|\|"silent"\)/g, instead: 'logLevel:0' },
  // They have other names here, and another order.
  { what: 'start functions', found: /,\w+=\w+\.exports\.hs_init\?"haskell"[\s\S]*?hs_init\(\);break\}/g, instead: ';' },
  // Each module has a WASI of its own, under a name that the SDK does not know.
  { what: 'WASI', found: /if\(\w+==="wasi_snapshot_preview1"&&\w+===null\)\{/g, instead: 'if(!1){' },
  { what: 'log of that', found: /=new \w+\(!1\);(?=var \w+=class extends Error)/g, instead: ';' },
  {
    what: 'output of that',
    found: /\w+\.useWasi\?\?=!1,\w+\.enableWasiOutput\?\?=\w+\.useWasi\?\w+\.extismStdoutEnvVarSet:!1,/g,
    instead: '',
  },
];

/** Takes out of the SDK what is never used here: it links, and nothing else. */
export const extismWithoutUnused = () => withoutUnused('extism', /@extism\/extism\/dist\/browser\/mod\.js$/, UNUSED);
