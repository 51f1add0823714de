// What the modules import, and whether something provides each of it.

import { ClocheError } from '../../src/errors.ts';
import { isReservedNamespace } from '../../src/runtime/wire/host-namespace.ts';
import type { FunctionShape, ImportFact, StartRequest, ValueShape } from '../../src/runtime/wire/protocol.ts';
import type { LoadedModule } from '../compile-modules.ts';
import { cut } from '../cut.ts';
import { remedyFor } from '../toolchains.ts';
import { problemWithWasi } from '../wasi/preview1.ts';
import { KERNEL_FUNCTIONS } from './kernel/kernel-module.ts';
import type { ImportTable } from './link-context.ts';
import { isBlock } from './marshal.ts';
import { ENV } from './namespaces.ts';
import { HIDDEN_WASI } from './start-functions.ts';

export function importsOf(modules: readonly LoadedModule[]): ImportTable {
  const table = new Map<string, Set<string>>();
  for (const { module } of modules) {
    for (const wanted of WebAssembly.Module.imports(module)) {
      const names = table.get(wanted.module) ?? new Set();
      table.set(wanted.module, names.add(wanted.name));
    }
  }
  return {
    has: (namespace, name) => table.get(namespace)?.has(name) ?? false,
    namesOf: (namespace) => [...(table.get(namespace) ?? [])],
  };
}

/**
 * @throws {ClocheError} MODULE_REJECTED for a module of a reserved name; IMPORT_MISSING naming every import that nothing provides,
 * and what would.
 */
export function checkImports(modules: readonly LoadedModule[], request: StartRequest): void {
  for (const { name } of modules) {
    // Manifests are refused for them before.
    if (name === ENV || isReservedNamespace(name))
      throw new ClocheError('MODULE_REJECTED', `a module is named \`${name}\`, a reserved name`);
  }
  const missing = new Map<string, string[]>();
  for (const { module, facts } of modules) {
    for (const [index, wanted] of WebAssembly.Module.imports(module).entries()) {
      // By its place, not by its name: one name may be imported twice, as two types.
      const problem = problemWith(wanted, facts?.imports[index], modules, request);
      if (problem === undefined) continue;
      const from = wanted.module === HIDDEN_WASI ? 'wasi_snapshot_preview1' : wanted.module;
      const names = missing.get(problem) ?? [];
      missing.set(problem, names);
      names.push(`\`${cut(from)}\` \`${cut(wanted.name)}\``);
    }
  }
  if (missing.size === 0) return;
  const problems = [...missing].map(([problem, names]) => `${some(names, ', ')} (${problem})`);
  throw new ClocheError('IMPORT_MISSING', `imports that cannot be provided: ${some(problems, '; ')}`);
}

/** The first of a list: glue comes by the dozen, and one of it tells whose it is. */
function some(items: readonly string[], between: string): string {
  const rest = items.length > 5 ? `${between}and ${items.length - 5} more` : '';
  return items.slice(0, 5).join(between) + rest;
}

const OLD_PDK = 'a function of an Extism PDK before 1.0: build the plugin again with version 1 or newer of its PDK';

function problemWith(
  wanted: WebAssembly.ModuleImportDescriptor,
  fact: ImportFact | undefined,
  modules: readonly LoadedModule[],
  request: StartRequest,
): string | undefined {
  const linked = modules.find(({ name }) => name === wanted.module);
  if (linked) return problemWithLinked(wanted, fact, linked);
  if (wanted.kind === 'memory') return 'a memory; the host provides functions only: build without `--import-memory`';
  if (wanted.kind !== 'function') return `a ${wanted.kind}; the host provides functions only`;
  if (wanted.module === ENV) {
    const type = KERNEL_FUNCTIONS.get(wanted.name);
    if (type === undefined) return 'no function of Extism that is known here; a newer Cloche may know it';
    return mismatch(fact, type, "Extism's is", ': build the plugin again with a newer PDK');
  }
  if (wanted.module === HIDDEN_WASI) return problemWithWasi(wanted.name, request);

  const shape = request.functions.find(({ namespace, name }) => namespace === wanted.module && name === wanted.name);
  if (shape) return shape.stub ? undefined : mismatch(fact, typeOf(shape), 'the capability declares');
  if (request.stubs && !isReservedNamespace(wanted.module)) return undefined;
  return wanted.module === 'env' && wanted.name.startsWith('extism_') ? OLD_PDK : remedyFor(wanted.module, wanted.name);
}

function problemWithLinked(
  { name, kind }: WebAssembly.ModuleImportDescriptor,
  fact: ImportFact | undefined,
  linked: LoadedModule,
): string | undefined {
  const place = WebAssembly.Module.exports(linked.module).findIndex((one) => one.name === name && one.kind === kind);
  if (place < 0) return `module \`${linked.name}\` of this plugin has no such ${kind}`;
  const provided = linked.facts?.exports[place];
  // References are left to the engine: their types may be named by index, and have others below them.
  if (kind !== 'function' || !provided || /ref/.test(provided.type)) return undefined;
  return mismatch(fact, provided.type, `module \`${linked.name}\` of this plugin has`);
}

function mismatch(fact: ImportFact | undefined, type: string, whose: string, remedy = ''): string | undefined {
  if (!fact || fact.type === type) return undefined;
  return `the module wants ${fact.type}, ${whose} ${type}${remedy}`;
}

function typeOf({ params, result }: FunctionShape): string {
  return `(${params.map(coreType).join(', ')}) -> ${result === null ? '()' : coreType(result)}`;
}

function coreType(shape: ValueShape): string {
  return isBlock(shape) ? 'i64' : shape;
}
