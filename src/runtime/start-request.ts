// What a worker is told of the plugin that it is to load.

import type { Limits } from '../limits.ts';
import type { WorkerHost } from './isolation/worker-host.ts';
import type { RunnerContext } from './runner-context.ts';
import type { ModuleLimits, ModuleToLoad, StartRequest } from './wire/protocol.ts';
import { PAGE_BYTES } from './wire/wasm-page.ts';

/** @param isKnown what its modules import and export is known already: only with their bytes would a worker tell it */
export async function startRequest(
  context: RunnerContext,
  workerHost: WorkerHost,
  isKnown: boolean,
  inspectOnly: boolean,
): Promise<Omit<StartRequest, 'wait'>> {
  const { limits, functions, config, logLevel, guest, wasi } = context;
  const { varBytes, exchangeBytes, logLineBytes } = limits;
  return {
    modules: await modulesToLoad(context, workerHost, isKnown),
    limits: moduleLimits(limits),
    inspectOnly,
    functions,
    config: [...config],
    varBytes,
    exchangeBytes,
    logLevel,
    logLineBytes,
    guest,
    wasi,
  };
}

/** Bytes only where a module must be read or compiled: all of them then, since only together they tell everything. */
async function modulesToLoad(
  context: RunnerContext,
  workerHost: WorkerHost,
  isKnown: boolean,
): Promise<ModuleToLoad[]> {
  const { limits, modules, guest } = context;
  const { memoryPages, growthPages, tableElements } = moduleLimits(limits);
  // Limits and names are written into the module, so others make it another module.
  const keyOf = (sha256: string): string => `${guest.abi}:${sha256}:${memoryPages}:${growthPages}:${tableElements}`;
  const isCached = isKnown && modules.every(({ sha256 }) => workerHost.has(keyOf(sha256)));
  const bytes = isCached ? undefined : await context.files();
  return modules.map(({ name, sha256 }) => ({ name, key: keyOf(sha256), bytes: bytes?.get(sha256) ?? null }));
}

function moduleLimits({ memoryBytes, growthPages, tableElements }: Limits): ModuleLimits {
  return { memoryPages: Math.floor(memoryBytes / PAGE_BYTES), growthPages, tableElements };
}
