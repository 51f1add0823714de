// What becomes of a plugin that imports a function which nobody provides: it is refused, or a stub stands for the function.

export const MISSING_IMPORTS = ['refuse', 'stub'] as const;
export type MissingImports = (typeof MISSING_IMPORTS)[number];
