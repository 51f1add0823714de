// Stubs for the functions that a plugin imports and nobody provides, where it was installed with `missing: 'stub'`. Comes late:
// with the first such plugin.

import { sentence } from '../../capabilities/sentences.ts';
import type { DialectCode } from '../../dialects/dialect.ts';
import { ClocheError } from '../../errors.ts';
import type { PluginManifest } from '../../manifest/plugin-manifest.ts';
import type { PluginRequest } from '../../permissions/describe-requests.ts';
import type { ImportedFunction, RequestDialect } from '../../permissions/requests.ts';
import { isReservedNamespace, USER_NAMESPACE } from '../../runtime/wire/host-namespace.ts';
import type { ImportFact } from '../../runtime/wire/protocol.ts';
import { visibleText } from '../../util/text/visible-text.ts';
import type { OfferedFunction } from './offered-functions.ts';

/** A function that is imported; what it takes and gives is not known of an update that waits. */
export type StubbedFunction = ImportedFunction & Partial<Pick<ImportFact, 'type'>>;

export interface Stubs<F extends StubbedFunction> {
  /** What they stand for: what neither the host, nor the engine, nor a module of the plugin provides. Each once. */
  readonly imports: readonly F[];
  readonly functions: readonly OfferedFunction[];
  /** For whoever decides about the plugin: one for each namespace. */
  readonly requests: readonly PluginRequest[];
}

/** What is known of the plugin's dialect. */
interface StubbedDialect extends Pick<RequestDialect, 'linked'> {
  readonly code: Pick<DialectCode, 'failedStub'>;
}

/** Of the ABI and of WASI: a function that these lack is one that a newer Cloche may have, or that the plugin may not use. */
const ENGINE = /^[a-z]+:host\/env$|^wasi_/;

const MOST_NAME_BYTES = 64;
/** In one sentence: glue comes by the dozen. */
const MOST_NAMES = 5;

export function stubsFor<F extends StubbedFunction>(
  manifest: PluginManifest,
  dialect: StubbedDialect,
  imported: Iterable<F>,
): Stubs<F> {
  const imports = [...missingFunctions(manifest, dialect, imported)];
  const names = new Map<string, string[]>();
  for (const { module, name } of imports) names.set(module, [...(names.get(module) ?? []), name]);
  return {
    imports,
    functions: imports.map((fact) => stubOf(fact, dialect.code)),
    requests: [...names].map(([namespace, own]) => request(shown(namespace), own)),
  };
}

function missingFunctions<F extends StubbedFunction>(
  manifest: PluginManifest,
  { linked }: StubbedDialect,
  imported: Iterable<F>,
): Iterable<F> {
  const others = new Set(manifest.modules.map(({ name }) => name));
  const missing = new Map<string, F>();
  for (const fact of imported) {
    const { module, name, kind } = fact;
    if (kind !== 'function' || others.has(module) || ENGINE.test(module) || isReservedNamespace(module)) continue;
    if (linked.some((fn) => fn.name === name && fn.namespace === module)) continue;
    missing.set(JSON.stringify([module, name]), fact);
  }
  return missing.values();
}

/** Never a grant: it does nothing but fail, in the form of its dialect where that has one. */
function stubOf(
  { module: namespace, name, type }: StubbedFunction,
  { failedStub }: StubbedDialect['code'],
): OfferedFunction {
  const [shownNamespace, shownName] = [shown(namespace), shown(name)];
  const givesBlock = namespace === USER_NAMESPACE && type?.endsWith('-> i64');
  const inItsForm = givesBlock ? failedStub?.(name) : undefined;
  const failed = inItsForm && (() => inItsForm(new ClocheError('NEEDS_SERVER', `${shownName} not configured`)));
  return {
    capability: { name: shownNamespace, namespace, functions: new Map() },
    namespace,
    name: shownName,
    shape: { namespace, name, params: [], result: failed ? 'bytes' : null, stub: true },
    call(_, { log }) {
      const message = `nobody provides this function of \`${shownNamespace}\`, and a stub stands for it`;
      // Where the plugin's call goes on, whoever has called this says so.
      if (!failed) log('warn', `\`${shownName}\`: ${message}`);
      throw new ClocheError('IMPORT_MISSING', message);
    },
    failed,
    ready: undefined,
    own: false,
    exclusive: false,
  };
}

function request(capability: string, names: readonly string[]): PluginRequest {
  const functions = names.slice(0, MOST_NAMES).map(shown);
  const more = names.length - functions.length;
  const named = { functions, capability };
  const unmet = [
    more > 0
      ? sentence(
          'stubbedMore',
          'Imports {functions} and {more} more of {capability}, which nobody provides: what calls it gets an error.',
          { ...named, more },
        )
      : sentence(
          'stubbed',
          'Imports {functions} of {capability}, which nobody provides: what calls it gets an error.',
          named,
        ),
  ];
  return {
    capability,
    risk: 'low',
    status: 'stubbed',
    sentences: [],
    unmet,
    needsServer: undefined,
    reason: undefined,
    optional: false,
    scope: undefined,
    granted: false,
    given: [],
    missing: unmet,
  };
}

function shown(name: string): string {
  return visibleText(name, MOST_NAME_BYTES);
}
