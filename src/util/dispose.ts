// The names under which owners let go of what they hold, so that `using` does it: a worker, frame, port, blob URL, timer,
// lock or listener. Safari and older Firefox do not have them yet (https://github.com/tc39/proposal-explicit-resource-management);
// there esbuild, Babel and tsc's own polyfill note look for the same registered symbols, and the page's globals stay as they are.

/// <reference lib="esnext.disposable" preserve="true" />

export const dispose: typeof Symbol.dispose =
  Symbol.dispose ?? (Symbol.for('Symbol.dispose') as unknown as typeof Symbol.dispose);

export const asyncDispose: typeof Symbol.asyncDispose =
  Symbol.asyncDispose ?? (Symbol.for('Symbol.asyncDispose') as unknown as typeof Symbol.asyncDispose);
