// What a content security policy of the embedding page has to allow: our frames and their workers inherit it.
// Measured one by one in all engines; `test/embed/policy.test.ts` keeps it so.

/** The directives that a cell needs. */
export function neededDirectives(cellScriptHash: string): string {
  return `script-src ${cellScriptHash} 'wasm-unsafe-eval'; worker-src blob:`;
}

/** The directives that a compartment needs. */
export const COMPARTMENT_DIRECTIVES = "script-src 'wasm-unsafe-eval'; worker-src data:";

/** For a page whose policy forbids the workers of a cell. Why WebKit may need more: `workerUrl` in cell-frame.ts. */
export const WORKER_DIRECTIVE =
  'worker-src blob: (and data: for WebKit, on a page with Cross-Origin-Embedder-Policy: require-corp)';
