// From bytes to compiled modules: limits are written in first, and nothing is compiled twice.

import { ClocheError, messageOf } from '../src/errors.ts';
import type { ModuleFacts, ModuleToLoad, StartRequest } from '../src/runtime/wire/protocol.ts';
import { isForbidden } from './failures.ts';
import type { CompiledModules } from './guest.ts';
import { type RewriteOptions, rewriteModule } from './wasm/limits.ts';

export interface LoadedModule {
  readonly name: string;
  readonly module: WebAssembly.Module;
  /** Absent for a module that came without its bytes: its facts were told before. */
  readonly facts: ModuleFacts | undefined;
}

/** What an ABI hides in the binary from whoever links it, see {@link RewriteOptions}. */
export type Hidden = Pick<RewriteOptions, 'renameExports' | 'renameImportModules'>;

/** @throws {ClocheError} MODULE_REJECTED; else what the engine says when the page's policy forbids WebAssembly. */
export async function loadModules(
  request: StartRequest,
  cache: CompiledModules,
  hidden: Hidden = {},
): Promise<LoadedModule[]> {
  const cached = await cache.cached();
  const loaded = await Promise.all(
    request.modules.map((wanted) => load(wanted, cached.get(wanted.key), request, hidden)),
  );
  checkFacts(loaded);
  const keys = request.modules.map(({ key }) => key);
  await cache.give(
    loaded.flatMap(({ module }, i) => (cached.has(keys[i] ?? '') ? [] : [[keys[i] ?? '', module] as const])),
  );
  return loaded;
}

/** Bytes tell the facts, even of a module that is cached: reading a header costs little beside compiling. */
async function load(
  { name, bytes }: ModuleToLoad,
  cached: WebAssembly.Module | undefined,
  { limits }: StartRequest,
  hidden: Hidden,
): Promise<LoadedModule> {
  if (cached && !bytes) return { name, module: cached, facts: undefined };
  if (!bytes) throw new ClocheError('START_FAILED', `module \`${name}\` came without its bytes`);
  const rewritten = rewriteModule(bytes, { limits, noteGrowth: !cached, ...hidden });
  return { name, module: cached ?? (await compiled(name, rewritten.bytes)), facts: { name, ...rewritten.facts } };
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

/** All modules together. The page copies each name at one go, and would be held up for as long as that takes (H11). */
const MOST_FACTS = 20_000;
const MOST_FACTS_LENGTH = 2 << 20;

function checkFacts(loaded: readonly LoadedModule[]): void {
  let count = 0;
  let length = 0;
  for (const { facts } of loaded) {
    for (const fact of [...(facts?.imports ?? []), ...(facts?.exports ?? [])]) {
      count += 1;
      length += fact.name.length + fact.type.length + ('module' in fact ? fact.module.length : 0);
    }
  }
  if (count <= MOST_FACTS && length <= MOST_FACTS_LENGTH) return;
  throw new ClocheError(
    'MODULE_REJECTED',
    `The plugin's modules have ${count} imports and exports, ${length} characters of names and types; ` +
      `at most ${MOST_FACTS} and ${MOST_FACTS_LENGTH} are allowed`,
  );
}
