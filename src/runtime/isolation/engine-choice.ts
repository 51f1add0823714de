// What `isolation: 'auto'` goes by.

/**
 * Whether the engine may give a sandboxed frame a process of its own. It says so nowhere, and to measure it takes a frame: so
 * this asks for something that came with it. An engine without it gets its walls from a compartment, as strong there and
 * faster; one with it gets a cell, which is never weaker. What a cell really got is measured: `own-process.ts`.
 * https://developer.mozilla.org/en-US/docs/Web/API/HTMLIFrameElement/credentialless
 */
export function mayGiveOwnProcess(): boolean {
  return 'credentialless' in HTMLIFrameElement.prototype;
}
