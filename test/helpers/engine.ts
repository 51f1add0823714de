// Which engine runs the tests, and what it has: differences between engines are columns of a table, never skips.

interface Engine {
  readonly name: 'chromium' | 'firefox' | 'webkit';
  /** `WebAssembly.Suspending` and `promising`. */
  readonly jspi: boolean;
  /** `SharedArrayBuffer` in a cross-origin isolated page. */
  readonly sharedMemory: boolean;
}

/** As measured in Chromium 156, Firefox 153 ESR and WebKitGTK 2.50. */
const ENGINES: readonly Engine[] = [
  { name: 'chromium', jspi: true, sharedMemory: true },
  { name: 'firefox', jspi: true, sharedMemory: true },
  { name: 'webkit', jspi: false, sharedMemory: false },
];

function nameOf(agent: string): Engine['name'] {
  if (agent.includes('Firefox/')) return 'firefox';
  return agent.includes('Chrome/') ? 'chromium' : 'webkit';
}

export const engine: Engine = (() => {
  const found = ENGINES.find(({ name }) => name === nameOf(navigator.userAgent));
  if (!found) throw new Error(`Expected a known engine, got ${navigator.userAgent}`);
  return found;
})();
