// What a component imports and exports, in the form that the page has of any module: functions with the types that WIT gives them.

import type { ModuleFacts } from '../../src/runtime/wire/protocol.ts';
import { printFunction, type World } from './world/wit-types.ts';

/** A function of an exported interface is named as in `plugins-manager:common/plugin-common#get-manifest`. */
export function factsOf(name: string, { imports, exports, types }: World): ModuleFacts {
  return {
    name,
    imports: imports.flatMap(({ name: module, functions }) =>
      functions.map((fn) => ({ module, name: fn.name, kind: 'function' as const, type: printFunction(fn, types) })),
    ),
    exports: exports.flatMap(({ name: place, functions }) =>
      functions.map((fn) => ({
        name: place === '' ? fn.name : `${place}#${fn.name}`,
        kind: 'function' as const,
        type: printFunction(fn, types),
        callable: true,
      })),
    ),
  };
}
