/** The module of one of test/fixtures/plugins, which every run builds before its tests. */
export async function builtPlugin(name: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(`/test/fixtures/plugins/${name}/dist/plugin.wasm`);
  if (!response.ok) throw new Error(`Plugin ${name} was not built: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** The same of one in a language whose compiler not every machine has; undefined where it has none. */
export async function builtNative(name: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const response = await fetch(`/test/fixtures/plugins/${name}/dist/plugin.wasm`);
  return response.ok ? new Uint8Array(await response.arrayBuffer()) : undefined;
}
