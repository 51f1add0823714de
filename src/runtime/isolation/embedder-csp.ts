// What a content security policy of the embedding page has to allow.

/**
 * The directives that a page with a strict policy needs: the cell's frame and its workers inherit the policy.
 * Measured one by one in all engines; `test/embed/policy.test.ts` keeps it so.
 */
export function neededDirectives(cellScriptHash: string): string {
  return `script-src ${cellScriptHash} 'wasm-unsafe-eval'; worker-src blob:`;
}

/** For a page whose policy forbids workers. Why WebKit may need more: `workerUrl` in cell-frame.ts. */
export const WORKER_DIRECTIVE =
  'worker-src blob: (and data: for WebKit, on a page with Cross-Origin-Embedder-Policy: require-corp)';
