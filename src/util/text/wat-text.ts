/** How a module begins as text, behind space and comments: https://webassembly.github.io/spec/core/text/lexical.html */
const MODULE = /^\uFEFF?(?:\s|;;[^\n]*(?:\n|$)|\(;(?:[^;]|;(?!\)))*;\))*\(\s*module\b/;
/** Bytes in which it must begin. */
const LONGEST_PREFACE = 4_096;

/** Whether bytes are WebAssembly as text. */
export function isWatText(bytes: Uint8Array): boolean {
  return MODULE.test(new TextDecoder().decode(bytes.subarray(0, LONGEST_PREFACE)));
}
