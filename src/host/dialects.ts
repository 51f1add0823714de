// The dialects of a host: loaded with the first plugin of each, and linked to what the host offers.

import type { Capability } from '../capabilities/capability.ts';
import type { LiveContributions } from '../capabilities/services.ts';
import type { Dialect, DialectCode, DialectRules, Dialects } from '../dialects/dialect.ts';
import { ClocheError } from '../errors.ts';
import type { MissingImports } from '../manifest/missing-imports.ts';
import type { PluginManifest } from '../manifest/plugin-manifest.ts';
import type { RequestDialect } from '../permissions/requests.ts';
import { loadChunk } from '../util/load-chunk.ts';
import { type OfferedFunction, offeredFunctions } from './host-calls/offered-functions.ts';
import type { StubbedFunction, Stubs, stubsFor } from './host-calls/stubs.ts';

/** A dialect that is loaded. */
export interface LinkedDialect extends RequestDialect {
  readonly dialect: Dialect;
  readonly code: DialectCode;
  readonly linked: readonly OfferedFunction[];
  /** Of these, what keeps calls of other tabs out. */
  readonly exclusive: readonly OfferedFunction[];
  readonly rules: DialectRules;
}

export class HostDialects {
  /** All that are known, also those whose plugins do not run. */
  readonly known: Dialects;
  readonly #capabilities: readonly Capability[];
  readonly #live: LiveContributions;
  readonly #loaded = new Map<string, LinkedDialect>();
  #stubsFor: typeof stubsFor | undefined;

  constructor(known: Dialects, capabilities: readonly Capability[], live: LiveContributions) {
    this.known = known;
    this.#capabilities = capabilities;
    this.#live = live;
  }

  /**
   * Before anything is made of a plugin of it.
   * @param missing as the plugin has it
   * @throws {ClocheError} FETCH_FAILED; the next call tries again
   */
  async load(name: string, missing: MissingImports | undefined): Promise<void> {
    if (missing === 'stub') this.#stubsFor ??= (await loadChunk(() => import('./host-calls/stubs.ts'))).stubsFor;
    if (this.#loaded.has(name)) return;
    const isIt = (one: Dialect): boolean => one.name === name;
    const dialect = this.known.bare.find(isIt) ?? (await this.known.all()).find(isIt);
    const code = await dialect?.load?.();
    if (!dialect || !code)
      throw new ClocheError('STORAGE_FAILED', `Plugins of the dialect \`${name}\` do not run here`);
    if (!this.#loaded.has(name)) this.#loaded.set(name, linkDialect(dialect, code, this.#capabilities, this.#live));
  }

  /** For what a plugin imports and nobody provides; undefined where it is refused for that. */
  stubs<F extends StubbedFunction>(
    missing: MissingImports,
    manifest: PluginManifest,
    imported: Iterable<F>,
  ): Stubs<F> | undefined {
    return missing === 'stub' ? this.#stubsFor?.(manifest, this.get(manifest.dialect), imported) : undefined;
  }

  /** Whether it is loaded. */
  has(name: string): boolean {
    return this.#loaded.has(name);
  }

  /** Of a plugin. */
  get(name: string): LinkedDialect {
    const loaded = this.#loaded.get(name);
    if (loaded) return loaded;
    throw new Error(`Expected the dialect \`${name}\` to be loaded before a plugin of it is made`);
  }
}

/** What a dialect makes of what a host offers. */
export function linkDialect(
  dialect: Dialect,
  code: DialectCode,
  capabilities: readonly Capability[],
  live: LiveContributions,
): LinkedDialect {
  const services = new Map(capabilities.map(({ name, services = {} }) => [name, services]));
  const linked = offeredFunctions(capabilities, code.functions?.(services, live) ?? []);
  return {
    dialect: { ...dialect, ...code.extension },
    code,
    linked,
    exclusive: linked.filter(({ exclusive, capability }) => exclusive && capability.lock),
    rules: code.rules?.(services) ?? {},
    requests: (...asked) => code.requests(...asked),
  };
}
