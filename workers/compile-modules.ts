// From bytes to compiled modules: limits are written in first, and nothing is compiled twice.

import { ClocheError, messageOf } from '../src/errors.ts';
import { factsText } from '../src/runtime/wire/module-facts.ts';
import type { ModuleFacts, ModuleToLoad, StartRequest } from '../src/runtime/wire/protocol.ts';
import { engineFull, isEngineFull } from './engine-full.ts';
import { isForbidden } from './failures.ts';
import type { CompiledModules } from './guest.ts';
import { compile } from './wasm/compile.ts';
import { type RewriteOptions, rewriteModule } from './wasm/limits.ts';

export interface LoadedModule {
  readonly name: string;
  readonly module: WebAssembly.Module;
  /** Absent for a module that came without its bytes: its facts were told before. */
  readonly facts: ModuleFacts | undefined;
  /** How many memories it has of its own; 0 for one that came without its bytes, whose were counted before. */
  readonly memories: number;
}

/** What an ABI hides in the binary from whoever links it, see {@link RewriteOptions}. */
export type Hidden = Pick<RewriteOptions, 'renameExports' | 'renameImportModules'>;

/** The facts are not those that the page has assumed, and its permissions may rest on: nothing may run until it knows. */
export class OtherFacts extends Error {
  constructor(readonly facts: readonly ModuleFacts[]) {
    super('the modules are not what was known of them');
  }
}

/**
 * @throws {ClocheError} MODULE_REJECTED; else what the engine says when the page's policy forbids WebAssembly.
 * @throws {OtherFacts}
 */
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
  checkMemories(loaded);
  const keys = request.modules.map(({ key }) => key);
  await cache.give(
    loaded.flatMap(({ module }, i) => (cached.has(keys[i] ?? '') ? [] : [[keys[i] ?? '', module] as const])),
  );
  const facts = loaded.flatMap((module) => module.facts ?? []);
  if (request.assumed !== null && factsText(facts) !== request.assumed) throw new OtherFacts(facts);
  return loaded;
}

/** Bytes tell the facts, even of a module that is cached: reading a header costs little beside compiling. */
async function load(
  { name, bytes }: ModuleToLoad,
  cached: WebAssembly.Module | undefined,
  { limits }: StartRequest,
  hidden: Hidden,
): Promise<LoadedModule> {
  if (cached && !bytes) return { name, module: cached, facts: undefined, memories: 0 };
  if (!bytes) throw new ClocheError('START_FAILED', `module \`${name}\` came without its bytes`);
  const { facts, memories, bytes: limited } = rewriteModule(bytes, { limits, noteGrowth: !cached, ...hidden });
  return { name, module: cached ?? (await compiled(name, limited)), facts: { name, ...facts }, memories };
}

async function compiled(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<WebAssembly.Module> {
  try {
    return await compile(bytes);
  } catch (thrown) {
    if (isForbidden(thrown)) throw thrown;
    if (isEngineFull(thrown)) throw engineFull(thrown);
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

/**
 * All modules together. An engine sets gigabytes of addresses aside for each, however small it is, and what one plugin takes
 * another in its process does not get (M15). Plugins have one for each module that is not only a library.
 */
const MOST_MEMORIES = 8;

function checkMemories(loaded: readonly LoadedModule[]): void {
  const count = loaded.reduce((sum, { memories }) => sum + memories, 0);
  if (count <= MOST_MEMORIES) return;
  throw new ClocheError(
    'MODULE_REJECTED',
    `The plugin's modules have ${count} memories; at most ${MOST_MEMORIES} are allowed`,
  );
}
