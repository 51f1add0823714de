// Which exports start an instance, and in which order.

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

/**
 * What to run once for a new instance. Natively: `hs_init(0, 0)`, after `_initialize`; else
 * `__wasm_call_ctors`; else `_initialize`. In the Go SDK the last two change places.
 * `_start` is never run by itself (EX28, EX29).
 */
export function startFunctionsOf(instance: WebAssembly.Instance, reactorsFirst = false): CallableFunction[] {
  const find = (name: string): CallableFunction[] => {
    const value = instance.exports[hiddenName(name)];
    return typeof value === 'function' ? [value] : [];
  };
  const haskell = find('hs_init');
  if (haskell.length > 0) return [...find('_initialize'), ...haskell];
  const constructors = find('__wasm_call_ctors');
  const initialize = find('_initialize');
  const [first, second] = reactorsFirst ? [initialize, constructors] : [constructors, initialize];
  return first.length > 0 ? first : second;
}
