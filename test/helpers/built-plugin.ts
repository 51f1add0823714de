/** The module of one of test/fixtures/plugins, which every run builds before its tests. */
export async function builtPlugin(name: string): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(`/test/fixtures/plugins/${name}/dist/plugin.wasm`);
  if (!response.ok) throw new Error(`Plugin ${name} was not built: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
