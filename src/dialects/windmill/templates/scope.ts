// Where a name in a template is looked for: block parameters, `@` data, and values around values.

import type { Path } from './syntax.ts';
import { isScoped } from './syntax.ts';
import { propertyOf } from './values.ts';

/** `@root`, `@index` and the like; each block's has that around it as `_parent`. */
export type Data = Readonly<Record<string, unknown>>;

export interface BlockParams {
  readonly names: readonly string[];
  /** Undefined where what runs the block gives none. */
  readonly values: readonly unknown[] | undefined;
}

export interface Scope {
  /** What names are looked for in. */
  readonly context: unknown;
  /** Values around values, the innermost first. */
  readonly contexts: readonly unknown[];
  readonly data: Data;
  /** The innermost first. */
  readonly blockParams: readonly BlockParams[];
  /** What `let` has set in this block. */
  readonly named: Map<string, unknown>;
  readonly around: Scope | undefined;
}

export function rootScope(context: unknown): Scope {
  const data = { root: context };
  return { context, contexts: [context], data, blockParams: [], named: new Map(), around: undefined };
}

/** What values are called on that are nothing: a block of theirs is no level of its own. */
export const NOTHING: unknown = Object.freeze({});

export interface Entering {
  readonly context: unknown;
  readonly data?: Data | undefined;
  readonly names: readonly string[];
  readonly values?: readonly unknown[] | undefined;
}

/** That of a block. One that runs on the same value, as of `if`, is no level of its own. */
export function inner(scope: Scope, { context, data = scope.data, names, values }: Entering): Scope {
  const [before] = scope.contexts;
  const isSame = (context ?? undefined) === (before ?? undefined) || (context === NOTHING && before === null);
  return {
    context,
    contexts: isSame ? scope.contexts : [context, ...scope.contexts],
    data,
    blockParams: [{ names, values }, ...scope.blockParams],
    named: new Map(),
    around: scope,
  };
}

/** @param isArgument whether it is what a helper is looked for by: then only what is not falsy is looked into */
export function lookedUp(path: Path, scope: Scope, isArgument = false): unknown {
  const { parts, depth, data } = path;
  const [name] = parts;
  const own = blockParamOf(path, scope);
  if (own) return walk(valueIn(own), parts.slice(1), false);
  if (!data && !depth && name !== undefined && !isScoped(path)) {
    const set = setBy(name, scope);
    if (set) return walk(set.value, parts.slice(1), false);
  }
  if (data) return walk(dataAt(scope.data, depth), parts, true);
  return walk(depth ? scope.contexts[depth] : scope.context, parts, isArgument);
}

interface FoundParam {
  readonly params: BlockParams;
  readonly at: number;
}

export function blockParamOf(path: Path, { blockParams }: Scope): FoundParam | undefined {
  const [name] = path.parts;
  if (path.depth || name === undefined || path.data || isScoped(path)) return undefined;
  const params = blockParams.find(({ names }) => names.includes(name));
  return params && { params, at: params.names.indexOf(name) };
}

function valueIn({ params: { values, names }, at }: FoundParam): unknown {
  if (!values) throw new Error(`Nothing gives the block parameter "${names[at]}"`);
  return values[at];
}

function setBy(name: string, scope: Scope): { readonly value: unknown } | undefined {
  for (let at: Scope | undefined = scope; at; at = at.around) {
    if (at.named.has(name)) return { value: at.named.get(name) };
  }
  return undefined;
}

function dataAt(data: Data, depth: number): unknown {
  let at: unknown = data;
  for (let left = depth; left > 0 && at; left--) at = propertyOf(at, '_parent');
  return at;
}

function walk(from: unknown, parts: readonly string[], stopsAtFalsy: boolean): unknown {
  let value = from;
  for (const part of parts) {
    if (value === null || value === undefined || (stopsAtFalsy && !value)) return value;
    value = propertyOf(value, part);
  }
  return value;
}
