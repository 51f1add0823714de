// How a worker uses what the page keeps for several instances of a plugin: by one host function, which takes a name, numbers and bytes.

export const EXCHANGED_NUMBERS = 3;
export const EXCHANGED_BYTES = 2;
export const EXCHANGED_PARAMS = ['text', 'i64', 'i64', 'i64', 'bytes', 'bytes'] as const;
