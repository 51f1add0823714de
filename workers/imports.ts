// What the modules import, and whether something provides each of it.

import { ClocheError } from '../src/errors.ts';
import type { FunctionShape, ImportFact, ValueShape } from '../src/sandbox/protocol.ts';
import { ENV } from './environment.ts';
import { KERNEL_FUNCTIONS } from './kernel-module.ts';
import type { LoadedModule } from './load-modules.ts';
import { isBlock } from './marshal.ts';
import { HIDDEN_WASI } from './start-functions.ts';
import { WASI_FUNCTIONS } from './wasi.ts';

/** Names that modules import, by namespace. */
export interface ImportTable {
  has(namespace: string, name: string): boolean;
  namesOf(namespace: string): string[];
}

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
 * Namespaces that are the host's alone, and names that every object of JavaScript has: the SDK links by plain objects,
 * where a module of such a name would be one of the worker's own. Manifests are refused for them before.
 */
function isReserved(name: string): boolean {
  return name === ENV || name.startsWith('cloche:') || Object.hasOwn(Object.prototype, name);
}

/**
 * @throws {ClocheError} MODULE_REJECTED for a module of a reserved name; IMPORT_MISSING naming every import that nothing provides,
 * and what would.
 */
export function checkImports(modules: readonly LoadedModule[], functions: readonly FunctionShape[]): void {
  for (const { name } of modules) {
    if (isReserved(name)) throw new ClocheError('MODULE_REJECTED', `a module is named \`${name}\`, a reserved name`);
  }
  const problems = modules.flatMap((importer) =>
    WebAssembly.Module.imports(importer.module).flatMap((wanted) => {
      const problem = problemWith(wanted, importer, modules, functions);
      const from = wanted.module === HIDDEN_WASI ? 'wasi_snapshot_preview1' : wanted.module;
      return problem === undefined ? [] : [`\`${from}\` \`${wanted.name}\` (${problem})`];
    }),
  );
  if (problems.length === 0) return;
  const shown = problems.slice(0, 10).join('; ');
  const rest = problems.length > 10 ? `; and ${problems.length - 10} more` : '';
  throw new ClocheError('IMPORT_MISSING', `imports that cannot be provided: ${shown}${rest}`);
}

function problemWith(
  wanted: WebAssembly.ModuleImportDescriptor,
  importer: LoadedModule,
  modules: readonly LoadedModule[],
  functions: readonly FunctionShape[],
): string | undefined {
  const linked = modules.find(({ name }) => name === wanted.module);
  if (linked) {
    const provided = WebAssembly.Module.exports(linked.module).some(
      ({ name, kind }) => name === wanted.name && kind === wanted.kind,
    );
    return provided ? undefined : `module \`${linked.name}\` of this plugin has no such ${wanted.kind}`;
  }
  if (wanted.kind !== 'function') return `a ${wanted.kind}; the host provides functions only`;
  if (wanted.module === ENV) {
    return KERNEL_FUNCTIONS.has(wanted.name)
      ? undefined
      : 'no function of Extism that is known here; a newer Cloche may know it';
  }
  if (wanted.module === HIDDEN_WASI)
    return WASI_FUNCTIONS.has(wanted.name) ? undefined : 'no function of WASI preview 1';

  const shape = functions.find(({ namespace, name }) => namespace === wanted.module && name === wanted.name);
  if (!shape) return providerOf(wanted.module);
  const fact = importer.facts?.imports.find(({ module, name }) => module === wanted.module && name === wanted.name);
  return fact && mismatch(fact, shape);
}

/** What would provide it, as far as the namespace tells. */
function providerOf(namespace: string): string {
  if (namespace.startsWith('wasi:')) return 'WASI 0.2: build for wasm32-wasip1, or as a component';
  if (namespace === 'env') return 'usually the glue of a toolchain: link it in, with Emscripten by -sSTANDALONE_WASM';
  if (namespace.startsWith('__wbindgen')) return 'the glue of wasm-bindgen: build without it';
  return 'no capability of this host has it: pass one made with `defineCapability`, or link a module of that name';
}

function mismatch({ type }: ImportFact, shape: FunctionShape): string | undefined {
  const declared = `(${shape.params.map(coreType).join(', ')}) -> ${shape.result === null ? '()' : coreType(shape.result)}`;
  return type === declared ? undefined : `the module wants ${type}, the capability declares ${declared}`;
}

function coreType(shape: ValueShape): string {
  return isBlock(shape) ? 'i64' : shape;
}
