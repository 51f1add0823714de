/** What ends a call as the guest's own fault does. */
export function trap(message: string): WebAssembly.RuntimeError {
  return new WebAssembly.RuntimeError(message);
}
