// Where the transpiler finds its own modules: `build/component-transpiler.ts` has it wait for them under this name. Whichever of
// the two is loaded first makes it, before the global scope is emptied.

import { compile } from '../../wasm/compile.ts';

type Give = (name: string) => Promise<WebAssembly.Module>;

const scope = globalThis as unknown as { clocheModules?: PromiseWithResolvers<Give> };
scope.clocheModules ??= Promise.withResolvers<Give>();
const waiting = scope.clocheModules;

/** Starts the transpiler. */
export function giveModules(modules: ReadonlyMap<string, Uint8Array<ArrayBuffer>>): void {
  waiting.resolve(async (name) => {
    const bytes = modules.get(name);
    if (!bytes) throw new Error(`The transpiler asks for a module \`${name}\` that nobody has`);
    return compile(bytes);
  });
}
