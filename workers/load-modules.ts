// From bytes to compiled modules: limits are written in first, and nothing is compiled twice.

import { ClocheError, messageOf } from '../src/errors.ts';
import type { ModuleFacts, ModuleToLoad, StartRequest } from '../src/sandbox/protocol.ts';
import { isForbidden } from './failures.ts';
import type { ModuleShelf } from './module-shelf.ts';
import { HIDDEN_WASI, hiddenName, START_EXPORTS, WASI_MODULES } from './start-functions.ts';
import { rewriteModule } from './wasm-limits.ts';

export interface LoadedModule {
  readonly name: string;
  readonly module: WebAssembly.Module;
  /** Absent for a module that came without its bytes: its facts were told before. */
  readonly facts: ModuleFacts | undefined;
}

/** @throws {ClocheError} MODULE_REJECTED; else what the engine says when the page's policy forbids WebAssembly. */
export async function loadModules(
  request: StartRequest,
  shelf: Pick<ModuleShelf, 'lent' | 'give'>,
): Promise<LoadedModule[]> {
  const lent = await shelf.lent();
  const loaded = await Promise.all(request.modules.map((wanted) => load(wanted, lent.get(wanted.key), request)));
  const keys = request.modules.map(({ key }) => key);
  await shelf.give(
    loaded.flatMap(({ module }, i) => (lent.has(keys[i] ?? '') ? [] : [[keys[i] ?? '', module] as const])),
  );
  return loaded;
}

/** Bytes tell the facts, even of a module that is lent: reading a header costs little beside compiling. */
async function load(
  { name, bytes }: ModuleToLoad,
  lent: WebAssembly.Module | undefined,
  request: StartRequest,
): Promise<LoadedModule> {
  if (lent && !bytes) return { name, module: lent, facts: undefined };
  if (!bytes) throw new ClocheError('START_FAILED', `module \`${name}\` came without its bytes`);
  const rewritten = rewriteModule(bytes, {
    limits: request.limits,
    noteGrowth: !lent,
    renameExports: new Map(START_EXPORTS.map((start) => [start, hiddenName(start)])),
    renameImportModules: new Map(WASI_MODULES.map((wasi) => [wasi, HIDDEN_WASI])),
  });
  return { name, module: lent ?? (await compiled(name, rewritten.bytes)), facts: { name, ...rewritten.facts } };
}

async function compiled(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(bytes);
  } catch (thrown) {
    if (isForbidden(thrown)) throw thrown;
    const text = messageOf(thrown);
    throw new ClocheError('MODULE_REJECTED', `module \`${name}\` is not valid WebAssembly: ${text}`, { cause: thrown });
  }
}
