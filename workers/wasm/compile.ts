// Compiles WebAssembly.

const isWebKit = /AppleWebKit\/(?!.*Chrom)/.test(navigator.userAgent);

/**
 * In WebKit at once: there a promise of `WebAssembly.compile` now and then never settles, when another worker of the page is ended
 * in the middle of its own, and the plugin would never start. Nobody else waits for this thread.
 */
export async function compile(bytes: Uint8Array<ArrayBuffer>): Promise<WebAssembly.Module> {
  return isWebKit ? new WebAssembly.Module(bytes) : WebAssembly.compile(bytes);
}
