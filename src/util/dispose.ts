// The names under which owners let go of what they hold, so that `using` does it. Where a browser has none, they are those that
// compiled `using` looks for: esbuild's `__knownSymbol` and Babel's `dispose` helper. The page's `Symbol` stays as it is.
// https://github.com/tc39/proposal-explicit-resource-management

/// <reference lib="esnext.disposable" preserve="true" />

export const dispose: typeof Symbol.dispose =
  Symbol.dispose ?? (Symbol.for('Symbol.dispose') as unknown as typeof Symbol.dispose);

export const asyncDispose: typeof Symbol.asyncDispose =
  Symbol.asyncDispose ?? (Symbol.for('Symbol.asyncDispose') as unknown as typeof Symbol.asyncDispose);
