// A plugin of several modules with a memory each.

import { wat } from '../helpers/wat.ts';

export async function linkedMemories(count: number) {
  const names = Array.from({ length: count - 1 }, (_, i) => `m${i}`);
  const library = (name: string) => wat(`(module (memory 1) (func (export "${name}")))`);
  const imports = names.map((name) => `(import "${name}" "${name}" (func))`).join('');
  const main = await wat(`(module ${imports} (memory 1) (func (export "run")))`);
  const libraries = names.map(async (name) => ({ name, data: await library(name) }));
  return { wasm: [{ name: 'main', data: main }, ...(await Promise.all(libraries))] };
}
