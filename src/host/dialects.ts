// The dialects of a host: loaded with the first plugin of each, and linked to what the host offers.

import type { Capability } from '../capabilities/capability.ts';
import type { LiveContributions } from '../capabilities/services.ts';
import type { Dialect, DialectCode, Dialects } from '../dialects/dialect.ts';
import { ClocheError } from '../errors.ts';
import type { RequestDialect } from '../permissions/requests.ts';
import type { FunctionShape } from '../runtime/wire/protocol.ts';
import { type OfferedFunction, offeredFunctions } from './host-calls/offered-functions.ts';

/** A dialect that is loaded. */
export interface LinkedDialect extends RequestDialect {
  readonly dialect: Dialect;
  readonly code: DialectCode;
  /** In the order in which workers count them. */
  readonly linked: readonly OfferedFunction[];
  /** The same as workers see them. */
  readonly shapes: readonly FunctionShape[];
}

export class HostDialects {
  /** All that are known, also those whose plugins do not run. */
  readonly known: Dialects;
  readonly #capabilities: readonly Capability[];
  readonly #live: LiveContributions;
  readonly #loaded = new Map<string, LinkedDialect>();

  constructor(known: Dialects, capabilities: readonly Capability[], live: LiveContributions) {
    this.known = known;
    this.#capabilities = capabilities;
    this.#live = live;
  }

  /** Before anything is made of a plugin of it. @throws {ClocheError} FETCH_FAILED; the next call tries again */
  async load(name: string): Promise<void> {
    if (this.#loaded.has(name)) return;
    const isIt = (one: Dialect): boolean => one.name === name;
    const dialect = this.known.bare.find(isIt) ?? (await this.known.all()).find(isIt);
    const code = await dialect?.load?.();
    if (!dialect || !code)
      throw new ClocheError('STORAGE_FAILED', `Plugins of the dialect \`${name}\` do not run here`);
    if (!this.#loaded.has(name)) this.#loaded.set(name, linkDialect(dialect, code, this.#capabilities, this.#live));
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
  const shapes = linked.map(({ shape }) => shape);
  return { dialect, code, linked, shapes, requests: (...asked) => code.requests(...asked) };
}
