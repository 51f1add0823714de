// From bytes to compiled modules: limits are written in first, and nothing is compiled twice.

import { ClocheError, messageOf } from '../src/errors.ts';
import type { ModuleFacts, ModuleToLoad, StartRequest } from '../src/sandbox/protocol.ts';
import type { ModuleShelf } from './module-shelf.ts';
import { HIDDEN_WASI, hiddenName, START_EXPORTS, WASI_MODULES } from './start-functions.ts';
import { rewriteModule } from './wasm-limits.ts';

export interface LoadedModule {
  readonly name: string;
  readonly module: WebAssembly.Module;
  /** Absent for a module that was lent: its facts were told when it was compiled. */
  readonly facts: ModuleFacts | undefined;
}

/** @throws {ClocheError} MODULE_REJECTED, or CSP_BLOCKED when the page's policy forbids WebAssembly. */
export async function loadModules(request: StartRequest, shelf: ModuleShelf): Promise<LoadedModule[]> {
  const lent = await shelf.lent();
  const linked = new Set(request.modules.map(({ name }) => name));
  const loaded = await Promise.all(
    request.modules.map(async (wanted): Promise<LoadedModule> => {
      const module = lent.get(wanted.key);
      return module ? { name: wanted.name, module, facts: undefined } : compile(wanted, request, linked);
    }),
  );
  const fresh = loaded.flatMap(({ module, facts }, i) =>
    facts ? [[(request.modules[i] as ModuleToLoad).key, module] as const] : [],
  );
  await shelf.give(fresh);
  return loaded;
}

async function compile(
  { name, bytes }: ModuleToLoad,
  request: StartRequest,
  linked: ReadonlySet<string>,
): Promise<LoadedModule> {
  if (!bytes) throw new ClocheError('START_FAILED', `module \`${name}\` came without its bytes`);
  const rewritten = rewriteModule(bytes, {
    limits: request.limits,
    renameExports: new Map(START_EXPORTS.map((start) => [start, hiddenName(start)])),
    // A plugin may bring a WASI of its own as a linked module.
    renameImportModules: new Map(WASI_MODULES.filter((wasi) => !linked.has(wasi)).map((wasi) => [wasi, HIDDEN_WASI])),
  });
  return { name, module: await compiled(name, rewritten.bytes), facts: { name, ...rewritten.facts } };
}

async function compiled(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(bytes);
  } catch (thrown) {
    const text = messageOf(thrown);
    // Chromium, Firefox and WebKit word it differently; all name the policy.
    if (/content security policy|unsafe-eval|call to WebAssembly\.compile\(\) blocked/i.test(text)) {
      throw new ClocheError('CSP_BLOCKED', `the content security policy forbids WebAssembly: ${text}`);
    }
    throw new ClocheError('MODULE_REJECTED', `module \`${name}\` is not valid WebAssembly: ${text}`, { cause: thrown });
  }
}
