// The unit of linear memory.

/** Bytes of a WebAssembly page. */
export const PAGE_BYTES = 65_536;
