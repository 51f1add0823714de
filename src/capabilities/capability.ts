// The one interface behind every capability, built in or made by the embedding app.

import { ClocheError } from '../errors.ts';
import { isReservedNamespace, USER_NAMESPACE } from '../runtime/wire/host-namespace.ts';
import type { Leasing, ValueShape } from '../runtime/wire/protocol.ts';
import { entriesOf, givenOptions, type KeysOf, oneOf } from '../util/given-options.ts';
import type { ArgumentsOf, HostCallContext, HostFunction, ResultOf } from './host-function.ts';
import type { Decision } from './scopes/name-rules.ts';
import type { Sentence } from './sentences.ts';
import type { CapabilityServices } from './services.ts';

/** How a capability reads what a manifest asks for, and what a user or policy grants. */
export interface ScopeRule {
  /**
   * Checks and copies a scope.
   * @throws {ClocheError} MANIFEST_INVALID or OPTION_INVALID with the path of the field.
   */
  parse(value: unknown, path: string): unknown;
  /** Plain sentences, riskiest first, for the consent page. */
  describe(scope: unknown): readonly (string | Sentence)[];
  /** The scope that `true` and the grant `'all'` stand for. @default undefined: no limit but the policy's */
  readonly all?: unknown;
  /**
   * What `false` stands for, of a capability that every plugin has all of unless its manifest, its grant or the policy says
   * otherwise. @default undefined: a capability is had where it is granted
   */
  readonly none?: unknown;
  /**
   * What the grant `'manifest'` gives of a manifest's request: what it asks for may be more than a
   * manifest alone can have.
   * @default all of it, as `parse` returns it
   */
  satisfy?(requested: unknown, path: string, policy: unknown): Satisfied;
  /**
   * Whether `granted` allows all that `asked` does, both as `parse` or `satisfy` returned them; undefined is the scope
   * of all. An update that asks for more waits for somebody's yes.
   * @default only where both are the same
   */
  covers?(granted: unknown, asked: unknown): boolean | Promise<boolean>;
  /**
   * Whether a scope allows one use, and which rule of it says so: what the check at a call and `plugin.explain` both ask.
   * @param request the use, by the words that the capability has for it, as in `{ url, method }`
   * @throws {ClocheError} OPTION_INVALID where those are missing
   * @default what was granted at all is allowed
   */
  decide?(scope: unknown, request: Readonly<Record<string, unknown>>): Decision;
  /** The narrowest scope that would allow one use; undefined where none would. @default all of the capability */
  narrowest?(request: Readonly<Record<string, unknown>>): unknown;
}

/** What a request gets without anybody having said more. */
export interface Satisfied {
  /** As `parse` returns it. */
  readonly scope: unknown;
  /** What is asked for and not given, one plain sentence each. */
  readonly unmet: readonly (string | Sentence)[];
}

/** How much harm a plugin can do with a capability: the order of the consent page. */
export type Risk = 'low' | 'medium' | 'high';

export interface Capability {
  /** Also the permission's name in manifests and grants. */
  readonly name: string;
  readonly namespace: string;
  readonly functions: ReadonlyMap<string, HostFunction>;
  /** What dialects with functions of their own for this capability build them on. @default none: all find `functions` */
  readonly services?: CapabilityServices;
  readonly scope?: ScopeRule;
  /** One plain sentence for the consent page. @default the names of the functions */
  readonly summary?: string | Sentence;
  /** @default 'medium' */
  readonly risk?: Risk;
  /**
   * How a dialect whose manifests cannot name capabilities asks for this one: by importing one of its
   * functions, or only by what its manifest says. @default 'import'
   */
  readonly askedBy?: 'import' | 'manifest';
  /** Only a server can do it, and none is configured: why, as a sentence. */
  readonly needsServer?: string | Sentence;
  /**
   * Name of a Web Lock that a plugin holds during each call, so that no other tab runs one: where its dialect has functions
   * that read and write what is stored in two steps, tabs would lose each other's changes. @default none
   */
  lock?(plugin: HostCallContext['plugin']): string | undefined;
  /** Deletes what it has stored for an installation, see {@link HostCallContext}. */
  wipe?(installation: string): Promise<void>;
  /** Bytes that it has stored for an installation. @default not known, where there is `wipe`; else none */
  usage?(installation: string): Promise<number>;
}

export interface CapabilityDefinition<
  P extends Record<string, readonly ValueShape[]>,
  R extends Record<keyof P, ValueShape | undefined>,
> {
  /** Letters, digits, `_` and `-`, at most 64. */
  name: string;
  /** Where modules import it from. @default {@link USER_NAMESPACE} */
  namespace?: string;
  // Two mapped types, since TypeScript infers one parameter from each: P types the arguments of every
  // `call`, R its result.
  functions: {
    [K in keyof P]: {
      params: P[K];
      call(args: ArgumentsOf<P[K]>, context: HostCallContext): unknown;
      failed?(error: ClocheError): unknown;
      /** @internal See {@link HostFunction}, as the next. */
      ready?(): Promise<void> | undefined;
      leased?: Leasing;
    };
  } & {
    [K in keyof R]: {
      result?: R[K];
      call(...args: never): ResultOf<R[K]> | Promise<ResultOf<R[K]>>;
    };
  };
  services?: CapabilityServices;
  scope?: ScopeRule;
  summary?: string | Sentence;
  risk?: Risk;
  askedBy?: 'import' | 'manifest';
  needsServer?: string | Sentence;
  lock?(plugin: HostCallContext['plugin']): string | undefined;
  wipe?(installation: string): Promise<void>;
  usage?(installation: string): Promise<number>;
}

const SHAPES: ReadonlySet<string> = new Set(['bytes', 'text', 'json', 'i64', 'i32', 'f32', 'f64']);
const NAME = /^[A-Za-z0-9_-]{1,64}$/;
const RISKS = ['low', 'medium', 'high'] as const;

const KEYS: KeysOf<Omit<CapabilityDefinition<never, never>, 'functions'> & { functions: unknown }> = {
  name: true,
  namespace: true,
  functions: true,
  services: true,
  scope: true,
  summary: true,
  risk: true,
  askedBy: true,
  needsServer: true,
  lock: true,
  wipe: true,
  usage: true,
};
const FUNCTION_KEYS: KeysOf<HostFunction> = {
  namespace: true,
  params: true,
  result: true,
  call: true,
  failed: true,
  ready: true,
  leased: true,
  mostJsonBytes: true,
  types: true,
};
const SCOPE_KEYS: KeysOf<ScopeRule> = {
  parse: true,
  describe: true,
  all: true,
  none: true,
  satisfy: true,
  covers: true,
  decide: true,
  narrowest: true,
};

/**
 * Makes a capability: a named set of host functions with declared shapes.
 * @throws {ClocheError} OPTION_INVALID when a name or a shape is not valid, and for an unknown key.
 */
export function defineCapability<
  const P extends Record<string, readonly ValueShape[]>,
  const R extends Record<keyof P, ValueShape | undefined>,
>(definition: CapabilityDefinition<P, R>): Capability {
  const given = givenOptions<Capability & { functions: unknown }>('`defineCapability`', definition, KEYS);
  const { name, namespace = USER_NAMESPACE, functions, services, scope, summary, risk, askedBy, needsServer } = given;
  if (typeof name !== 'string' || !NAME.test(name)) {
    throw invalid(`Expected \`name\` to be 1 to 64 letters, digits, "_" or "-", got ${JSON.stringify(name)}`);
  }
  if (functions === undefined) {
    throw invalid(`Capability \`${name}\` has no \`functions\`; write \`functions: {}\` if it is to have none`);
  }
  if (typeof namespace === 'string' && isReservedNamespace(namespace)) {
    throw invalid(`\`namespace\` of capability \`${name}\` is \`${namespace}\`, a reserved name`);
  }
  if (risk !== undefined) oneOf('risk', risk, RISKS);
  if (askedBy !== undefined) oneOf('askedBy', askedBy, ['import', 'manifest']);
  return {
    name,
    namespace,
    functions: new Map(
      entriesOf(`functions\` of \`${name}`, functions).map(([fn, value]) => [fn, givenFunction(name, fn, value)]),
    ),
    ...(services && { services }),
    ...(scope && { scope: checkedScope(name, scope) }),
    ...(summary && { summary }),
    ...(risk && { risk }),
    ...(askedBy && { askedBy }),
    ...(needsServer && { needsServer }),
    ...(given.lock && { lock: (plugin: HostCallContext['plugin']) => definition.lock?.(plugin) }),
    ...(given.wipe && { wipe: (installation: string) => definition.wipe?.(installation) ?? Promise.resolve() }),
    ...(given.usage && { usage: (installation: string) => definition.usage?.(installation) ?? Promise.resolve(0) }),
  };
}

/**
 * What a host is to offer.
 * @throws {ClocheError} OPTION_INVALID for anything but a list of capabilities, with the slip that it probably is
 */
export function checkedCapabilities(given: unknown): readonly Capability[] {
  if (!Array.isArray(given)) {
    throw invalid(`Expected \`capabilities\` to be an array${isCapability(given) ? '; write `[…]` around it' : ''}`);
  }
  const items: readonly unknown[] = [...given];
  return items.map((item, index) => {
    if (isCapability(item)) return item;
    throw invalid(`Expected \`capabilities[${index}]\` to be a capability${slipIn(item)}`);
  });
}

function slipIn(item: unknown): string {
  if (typeof item === 'function') return ', got a function; call it, as in `kv()`';
  if (Array.isArray(item)) return ', got an array; write `...` before it';
  return '; `defineCapability` makes one';
}

/** Made by hand is fine as well. */
function isCapability(value: unknown): value is Capability {
  if (typeof value !== 'object' || value === null) return false;
  const { name, namespace, functions } = value as Partial<Capability>;
  return typeof name === 'string' && NAME.test(name) && typeof namespace === 'string' && functions instanceof Map;
}

/** The rule itself, which may be an object of a class. */
function checkedScope(capability: string, scope: ScopeRule): ScopeRule {
  const { parse, describe } = givenOptions<ScopeRule>(`the scope of \`${capability}\``, scope, SCOPE_KEYS);
  if (parse && describe) return scope;
  throw invalid(`Expected the scope of \`${capability}\` to have \`parse\` and \`describe\``);
}

function givenFunction(capability: string, name: string, fn: unknown): HostFunction {
  const place = `function \`${name}\` of capability \`${capability}\``;
  const given = givenOptions<HostFunction>(place, fn, FUNCTION_KEYS);
  const { params, result, call } = given;
  if (typeof call !== 'function') throw invalid(`Expected ${place} to have a \`call\` function`);
  if (!Array.isArray(params)) throw invalid(`Expected \`params\` of ${place} to be an array of shapes`);
  const shapes: readonly ValueShape[] = [...params];
  for (const shape of [...shapes, ...(result === undefined ? [] : [result])]) {
    if (!SHAPES.has(shape)) {
      throw invalid(
        `Expected the shapes of ${place} to be among ${[...SHAPES].join(', ')}, got ${JSON.stringify(shape)}`,
      );
    }
  }
  return { ...given, params: shapes, call };
}

function invalid(message: string): ClocheError {
  return new ClocheError('OPTION_INVALID', message);
}
