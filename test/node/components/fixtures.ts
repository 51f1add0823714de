// Components of a few lines, and what one can do to their bytes.

import { componentEmbed, componentNew, parse } from '@bytecodealliance/jco-transpile/wasm-tools';

export async function component(wit: string, module: string): Promise<Uint8Array<ArrayBuffer>> {
  const embedded = await componentEmbed({ binary: await parse(module), witSource: wit, world: 'plugin' });
  return new Uint8Array(await componentNew(embedded, []));
}

/** A component as text, for what no toolchain writes. */
export async function componentText(text: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await parse(text));
}
