// Which engine runs the tests, and what it has: differences between engines are columns of a table, never skips.

interface Engine {
  readonly name: 'chromium' | 'firefox' | 'webkit';
  /** `WebAssembly.Suspending` and `promising`. */
  readonly jspi: boolean;
  /** `SharedArrayBuffer` in a cross-origin isolated page. */
  readonly sharedMemory: boolean;
  /**
   * `terminate()` ends a worker in a wasm loop that calls nothing. Where it does not, the thread spins on until its page
   * goes, and a test run would soon have no core left: spinning guests call into JavaScript there, which is ended.
   */
  readonly endsTightLoops: boolean;
  /** A sandboxed frame has a thread of its own, so that the page goes on when a script of the frame spins. */
  readonly framesApart: boolean;
  /** A process has room for some 120 linear memories. */
  readonly reservesAddresses: boolean;
  /** What is in a frame prefers the `color-scheme` of the element that the frame is. */
  readonly passesSchemes: boolean;
  /** Asks by the ETag of an answer that it has kept. WebKitGTK keeps none in the window of an automated test. */
  readonly revalidates: boolean;
  /** A page has a `FileSystemDirectoryHandle`, and writes to its files. */
  readonly writesFolders: boolean;
  /** A page of an automated test has files of its own: `navigator.storage.getDirectory`. */
  readonly ownFiles: boolean;
}

/** As measured in Chromium 156, Firefox 153 ESR and WebKitGTK 2.50. */
const ENGINES: readonly Engine[] = [
  {
    name: 'chromium',
    jspi: true,
    sharedMemory: true,
    endsTightLoops: true,
    framesApart: true,
    reservesAddresses: true,
    passesSchemes: true,
    revalidates: true,
    writesFolders: true,
    ownFiles: true,
  },
  {
    name: 'firefox',
    jspi: true,
    sharedMemory: true,
    endsTightLoops: true,
    framesApart: false,
    reservesAddresses: false,
    passesSchemes: true,
    revalidates: true,
    writesFolders: true,
    ownFiles: true,
  },
  {
    name: 'webkit',
    jspi: false,
    sharedMemory: false,
    endsTightLoops: false,
    framesApart: false,
    reservesAddresses: false,
    passesSchemes: false,
    revalidates: false,
    writesFolders: false,
    ownFiles: false,
  },
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
