/** What WASI reads and writes. */
export type GuestMemory = Pick<WebAssembly.Memory, 'buffer'>;

/** That of an instance without one. No `WebAssembly.Memory`, since for each of those an engine sets gigabytes of addresses aside. */
export const NO_MEMORY: GuestMemory = { buffer: new ArrayBuffer(0) };
