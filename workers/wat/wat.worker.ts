// Assembles one text of WebAssembly, and is never used again: what it was given may have been made to break the assembler.

import loadWabt from 'wabt';
import { messageOf } from '../../src/errors.ts';
import type { AssembleAnswer, AssembleRequest } from '../../src/runtime/wire/wat/assemble.ts';
import { lockDown } from '../lockdown.ts';
import { ModuleCache } from '../module-cache.ts';
import { compile } from '../wasm/compile.ts';
import { assembled, mistakeIn } from './assembled.ts';

const scope = self as DedicatedWorkerGlobalScope;
const { page } = new ModuleCache(scope);
instantiateByCompile();
// Asks where its script is while it is still told.
const wabt = loadWabt();
lockDown(scope);

void page.then((port) => {
  port.addEventListener('message', (event) => {
    const { data } = event as MessageEvent<AssembleRequest>;
    if (data.type === 'ASSEMBLE') void answer(data.text).then((given) => port.postMessage(given));
  });
  port.start?.();
});

/** See `compile`, which wabt knows nothing of. */
function instantiateByCompile(): void {
  const instantiate = async (bytes: Uint8Array<ArrayBuffer>, imports: WebAssembly.Imports) => {
    const module = await compile(bytes);
    return { module, instance: new WebAssembly.Instance(module, imports) };
  };
  WebAssembly.instantiate = instantiate as typeof WebAssembly.instantiate;
}

async function answer(text: Uint8Array): Promise<AssembleAnswer> {
  try {
    return { type: 'ASSEMBLED', ok: true, module: assembled(await wabt, text) };
  } catch (thrown) {
    return { type: 'ASSEMBLED', ok: false, ...mistakeIn(messageOf(thrown)) };
  }
}
