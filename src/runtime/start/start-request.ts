// What a worker is told of the plugin that it is to load.

import type { Limits } from '../../limits.ts';
import type { RunnerContext } from '../runner-context.ts';
import type { ModuleLimits, ModuleToLoad, StartRequest } from '../wire/protocol.ts';
import { PAGE_BYTES } from '../wire/wasm-page.ts';
import type { KnownFacts } from './known-facts.ts';
import type { ModuleFiles } from './module-files.ts';

export interface StartMessage {
  readonly request: Omit<StartRequest, 'wait'>;
  /** Memory of module bytes that goes along, and is empty afterwards. */
  readonly buffers: readonly ArrayBuffer[];
}

export interface Loading {
  /** Whether its worker has a module of this key compiled, or gets it lent. */
  isCompiled(key: string): boolean;
  readonly known: KnownFacts;
  /** Where they were read already. */
  readonly files: ModuleFiles | undefined;
  readonly inspectOnly: boolean;
}

export async function startMessage(context: RunnerContext, loading: Loading): Promise<StartMessage> {
  const { known, inspectOnly } = loading;
  // Nothing reads it of a plugin that is only looked at.
  const config = inspectOnly ? [] : await context.config;
  const { limits, functions, stubs, logLevel, guest, wasi, clock } = context;
  const { varBytes, exchangeBytes, logLineBytes } = limits;
  const { modules, buffers } = await modulesToLoad(context, loading);
  const request = {
    modules,
    limits: moduleLimits(limits),
    inspectOnly,
    assumed: inspectOnly ? null : known.assumed,
    functions,
    stubs,
    config: [...config],
    varBytes,
    exchangeBytes,
    logLevel,
    logLineBytes,
    guest,
    wasi,
    clock,
  };
  return { request, buffers };
}

/**
 * Bytes only where a module must be read or compiled: all of them then, since only together they tell everything. A worker
 * that has read them must not get them twice.
 */
async function modulesToLoad(
  context: RunnerContext,
  { isCompiled, known, files: read }: Loading,
): Promise<{ modules: ModuleToLoad[]; buffers: readonly ArrayBuffer[] }> {
  const { limits, modules, guest } = context;
  const { memoryPages, growthPages, tableElements } = moduleLimits(limits);
  // Limits and names are written into the module, so others make it another module.
  const keyOf = (sha256: string): string => `${guest.abi}:${sha256}:${memoryPages}:${growthPages}:${tableElements}`;
  const isCached = known.areProven && modules.every(({ sha256 }) => isCompiled(keyOf(sha256)));
  const files = isCached ? undefined : (read ?? (await context.files()));
  return {
    modules: modules.map(({ name, sha256 }) => ({
      name,
      key: keyOf(sha256),
      bytes: files?.bytes.get(sha256) ?? null,
    })),
    buffers: files?.areOwn ? buffersOf([...files.bytes.values()]) : [],
  };
}

/** Each once. What only shows a part of its memory is copied instead. */
function buffersOf(files: readonly Uint8Array[]): readonly ArrayBuffer[] {
  const whole = files.filter((bytes) => bytes.byteLength === bytes.buffer.byteLength);
  return [...new Set(whole.map(({ buffer }) => buffer))].filter((buffer) => buffer instanceof ArrayBuffer);
}

function moduleLimits({ memoryBytes, growthPages, tableElements }: Limits): ModuleLimits {
  return { memoryPages: Math.floor(memoryBytes / PAGE_BYTES), growthPages, tableElements };
}
