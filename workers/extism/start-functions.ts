// Which exports start an instance, and in which order.

import type { Hidden } from '../compile-modules.ts';

/**
 * The SDK runs these by itself, `_start` among them, in an order of its own. They are renamed in the binary
 * before it sees the module, and run here in the order of the native runtime.
 */
export const START_EXPORTS = ['_start', '_initialize', '__wasm_call_ctors', 'hs_init'] as const;

/** Import modules that are WASI preview 1; renamed so that our implementation serves them, not the SDK's. */
export const WASI_MODULES = ['wasi_snapshot_preview1', 'wasi_unstable'] as const;
export const HIDDEN_WASI = 'cloche:wasi';

export function hiddenName(name: string): string {
  return (START_EXPORTS as readonly string[]).includes(name) ? `cloche:${name}` : name;
}

/** For {@link loadModules}. */
export const HIDDEN: Hidden = {
  renameExports: new Map(START_EXPORTS.map((start) => [start, hiddenName(start)])),
  renameImportModules: new Map(WASI_MODULES.map((wasi) => [wasi, HIDDEN_WASI])),
};

/**
 * What to run once for a new instance: `hs_init(0, 0)`, after `_initialize`, where there is one; else the first of `start`.
 * `_start` is never run by itself (EX28, EX29).
 */
export function startFunctionsOf(instance: WebAssembly.Instance, start: readonly string[]): CallableFunction[] {
  const find = (name: string): CallableFunction[] => {
    const value = instance.exports[hiddenName(name)];
    return typeof value === 'function' ? [value] : [];
  };
  const haskell = find('hs_init');
  if (haskell.length > 0) return [...find('_initialize'), ...haskell];
  return start.flatMap(find).slice(0, 1);
}
