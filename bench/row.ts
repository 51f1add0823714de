/** One line of the table; scripts/bench-report.mjs prints it. */
export interface Row {
  readonly name: string;
  readonly cloche: number;
  readonly other: number;
  /** How many times faster we are, or for a bound how many times slower; `target` says which. */
  readonly ratio: number;
  readonly target: string;
  readonly unit: 'ms';
}

/** The built library, as an app loads it, not its sources. */
export async function builtLibrary(): Promise<typeof import('../src/index.ts')> {
  return import(/* @vite-ignore */ new URL('/dist/index.js', location.href).href);
}

/** Bytes of an example plugin, as the build made it. */
export async function exampleBytes(name: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(new URL(`/plugins/${name}/dist/plugin.wasm`, location.href));
  if (!response.ok) throw new Error(`Expected plugin ${name} to be built, got status ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
