// How a worker uses what the page keeps for several instances of a plugin: by one host function, which takes a name, numbers and bytes.

/** Functions by which an app holds channels or buffers of a plugin: what imports one has all of them kept in the page. */
export const TAKING_PART: ReadonlySet<string> = new Set([
  'create-terminal',
  'create-texture-buffer',
  'update-texture-buffer',
  '[method]process.stdin',
  '[method]process.stdout',
  '[method]process.stderr',
]);

export const EXCHANGED_NUMBERS = 3;
export const EXCHANGED_BYTES = 2;
export const EXCHANGED_PARAMS = ['text', 'i64', 'i64', 'i64', 'bytes', 'bytes'] as const;
