// How WebAssembly begins: https://webassembly.github.io/spec/core/binary/modules.html#binary-module

const ANY = [0x00, 0x61, 0x73, 0x6d];
const CORE = [...ANY, 0x01, 0x00, 0x00, 0x00];
const COMPONENT = [...ANY, 0x0d, 0x00, 0x01, 0x00];

/** Whether bytes begin as any WebAssembly does. */
export function isModule(bytes: Uint8Array): boolean {
  return startsWith(bytes, ANY);
}

/** Whether they begin as a core module of version 1 does. */
export function isCoreModule(bytes: Uint8Array): boolean {
  return startsWith(bytes, CORE);
}

export function isComponent(bytes: Uint8Array): boolean {
  return startsWith(bytes, COMPONENT);
}

export function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte);
}
