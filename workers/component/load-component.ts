// Loads a component that the page has transpiled: what it imports and exports, and its core modules, compiled under one limit.

import { ClocheError } from '../../src/errors.ts';
import { unpackParts } from '../../src/runtime/wire/component/transpile.ts';
import type { StartRequest } from '../../src/runtime/wire/protocol.ts';
import { type LoadedModule, loadModules } from '../compile-modules.ts';
import type { World } from './world/wit-types.ts';

/** What is the same for every instance. */
export interface LoadedComponent {
  readonly world: World;
  readonly modules: ReadonlyMap<string, LoadedModule>;
}

/** Core modules are compiled in each worker anew: the glue that links them may be anybody's, so none are handed on. */
export async function loadComponent(request: StartRequest, bytes: Uint8Array): Promise<LoadedComponent> {
  const parts = unpackParts(bytes.slice());
  const world = JSON.parse(new TextDecoder().decode(parts.get('world'))) as World;
  parts.delete('world');
  const modules = await loadModules(
    {
      ...request,
      modules: [...parts].map(([name, core]) => ({ name, key: '', bytes: core })),
      limits: sharedLimits(world, request.limits),
      assumed: null,
    },
    { cached: async () => new Map(), give: async () => undefined },
  );
  return { world, modules: new Map(modules.map((module) => [module.name, module])) };
}

/** No more for all memories together than one may have. */
function sharedLimits({ memories }: World, limits: StartRequest['limits']): StartRequest['limits'] {
  const { count, initialPages } = memories;
  const { memoryPages, growthPages } = limits;
  if (initialPages > memoryPages) {
    throw new ClocheError(
      'MODULE_REJECTED',
      `The component starts with memories of ${initialPages} pages, more than its limit of ${memoryPages}; raise \`memoryBytes\` to allow it`,
    );
  }
  if (count < 2) return limits;
  return { ...limits, growthPages: Math.min(growthPages, Math.floor((memoryPages - initialPages) / count)) };
}
