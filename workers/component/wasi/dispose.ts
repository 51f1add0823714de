// The name under which the glue lets go of a resource that its guest drops. It looks for this one where an engine has none.
// https://github.com/bytecodealliance/jco: `symbolDispose`

export const dropped: typeof Symbol.dispose =
  Symbol.dispose ?? (Symbol.for('dispose') as unknown as typeof Symbol.dispose);
