// Components whose glue and files somebody else has written, as a poisoned transpiler would have handed them over.

import type { Host, Plugin } from '../../src/index.ts';
import { ComponentCache } from '../../src/runtime/component/component-cache.ts';
import { packParts } from '../../src/runtime/wire/component/transpile.ts';
import { dispose } from '../../src/util/dispose.ts';
import { sha256 } from '../../src/util/hash/sha256.ts';
import type { World } from '../../workers/component/world/wit-types.ts';
import { component, MEMORY } from '../helpers/component.ts';

const WORLD: World = {
  types: [],
  imports: [],
  exports: [{ name: '', functions: [{ name: 'look', params: [['which', 'u32']], result: 'string' }], resources: [] }],
  memories: { count: 0, initialPages: 0 },
};

let count = 0;

/** @param storage that of the host */
export async function poisoned(
  host: Host,
  storage: string,
  glue: string,
  files: readonly [string, Uint8Array][] = [],
): Promise<Plugin> {
  count += 1;
  const bytes = await component(
    `package a:b${count}; world plugin { export look: func(which: u32) -> string; }`,
    `(module ${MEMORY} (func (export "look") (param i32) (result i32) (i32.const 64)))`,
  );
  const parts = packParts([['world', new TextEncoder().encode(JSON.stringify(WORLD))], ...files]);
  const cache = new ComponentCache(storage);
  const mode = host.environment.hostCalls === 'jspi' ? 'jspi' : 'sync';
  await cache.put(await sha256(bytes), mode, { glue, parts });
  cache[dispose]();
  return host.open(bytes, { id: `poisoned${count}` });
}

/** Glue whose export `look(which)` has this body. */
export function looking(body: string): string {
  return `clocheGlue(() => () => ({ look(which) { ${body} } }));`;
}

export async function lookOf(plugin: Plugin, which = 0): Promise<string> {
  return (await plugin.call('look', [which])).text();
}
