// Which functions of a component may have to wait. All others are called directly, which costs a tenth.

import type { World } from '../world/wit-types.ts';

/** Of WASI only these wait; whatever else it has is answered in the worker. */
const WAITING: ReadonlySet<string> = new Set([
  'wasi:io/poll#poll',
  'wasi:io/poll#[method]pollable.block',
  'wasi:io/streams#[method]input-stream.blocking-read',
  'wasi:io/streams#[method]input-stream.blocking-skip',
]);

/** The transpiler writes these as ordinary functions, also where it is told that they wait: their `await` is no JavaScript then. */
const NEVER_ASYNCHRONOUS = /\[(?:constructor|static)\]/;

export interface AsyncNames {
  readonly imports: string[];
  readonly exports: string[];
}

/** Each with and without the version of its interface, since the transpiler looks for one or the other. */
export function asyncNames({ imports, exports }: World): AsyncNames {
  return {
    imports: namesOf(imports).filter((name) => !name.startsWith('wasi:') || WAITING.has(withoutVersion(name))),
    exports: namesOf(exports).filter((name) => !NEVER_ASYNCHRONOUS.test(name)),
  };
}

/** `wasi:io/poll@0.2.0#poll` becomes `wasi:io/poll#poll`. */
export function withoutVersion(name: string): string {
  return name.replace(/@[^#]*/, '');
}

function namesOf(interfaces: World['imports']): string[] {
  return interfaces.flatMap(({ name, functions }) =>
    functions.flatMap((fn) => {
      const full = name === '' ? fn.name : `${name}#${fn.name}`;
      return [...new Set([full, withoutVersion(full)])];
    }),
  );
}
