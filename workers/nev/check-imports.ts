// What a module of Nev's ABI imports, and whether something provides each of it.

import { ClocheError } from '../../src/errors.ts';
import type { AbiFunction } from '../../src/runtime/wire/abi/types.ts';
import type { ImportFact, StartRequest } from '../../src/runtime/wire/protocol.ts';
import type { LoadedModule } from '../compile-modules.ts';
import { cut } from '../cut.ts';
import { remedyFor } from '../toolchains.ts';
import { problemWithWasi } from '../wasi/preview1.ts';
import { coreTypeOf } from './layout.ts';

const WASI = 'wasi_snapshot_preview1';
export const INTERFACE = 'nev:plugins/';

/** The types of what is imported under a name; undefined where nothing provides it. */
export type Provided = (namespace: string, name: string) => AbiFunction | undefined;

const MOST_NAMED = 5;

/** @throws {ClocheError} IMPORT_MISSING naming what nothing provides, and what would */
export function checkImports({ module, facts }: LoadedModule, request: StartRequest, provided: Provided): void {
  const problems: string[] = [];
  for (const [index, wanted] of WebAssembly.Module.imports(module).entries()) {
    // By its place, not by its name: one name may be imported twice, as two types.
    const problem = problemWith(wanted, facts?.imports[index], request, provided);
    if (problem !== undefined) problems.push(`\`${cut(wanted.module)}\` \`${cut(wanted.name)}\` (${problem})`);
  }
  if (problems.length === 0) return;
  const rest = problems.length > MOST_NAMED ? `; and ${problems.length - MOST_NAMED} more` : '';
  const named = problems.slice(0, MOST_NAMED).join('; ');
  const isOfWasi = request.wasi !== 'full' && problems.some((problem) => problem.startsWith(`\`${WASI}`));
  const remedy = isOfWasi ? '. All of WASI is there with `"wasi": "full"` in the `permissions` of the manifest' : '';
  throw new ClocheError('IMPORT_MISSING', `imports that cannot be provided: ${named}${rest}${remedy}`);
}

function problemWith(
  { module: namespace, name, kind }: WebAssembly.ModuleImportDescriptor,
  fact: ImportFact | undefined,
  request: StartRequest,
  provided: Provided,
): string | undefined {
  if (kind !== 'function') return `a ${kind}; the host provides functions only`;
  const types = provided(namespace, name);
  if (types) return mismatch(fact, coreTypeOf(types));
  if (namespace === WASI) return problemWithWasi(name, request);
  if (request.stubs) return undefined;
  if (namespace.startsWith(INTERFACE)) return 'Cloche has no such function, and this app does not implement it';
  if (namespace === 'env' && name.startsWith('editor_')) {
    return 'the API of Nev before its plugins had interfaces: build the plugin against `nev:plugins`';
  }
  return remedyFor(namespace, name);
}

function mismatch(fact: ImportFact | undefined, type: string): string | undefined {
  if (!fact || fact.type === type) return undefined;
  return `the module wants ${fact.type}, the interface has ${type}`;
}
