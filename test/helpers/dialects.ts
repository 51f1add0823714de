// The built-in dialects as a host has them, for tests of one part below it.

import type { Capability } from '../../src/capabilities/capability.ts';
import type { LiveContributions } from '../../src/capabilities/services.ts';
import type { Dialect, DialectCode } from '../../src/dialects/dialect.ts';
import { defaultDialects } from '../../src/dialects/index.ts';
import { type LinkedDialect, linkDialect } from '../../src/host/dialects.ts';
import type { ManifestDraft, ReadOptions } from '../../src/manifest/manifest-draft.ts';
import { readManifest as read } from '../../src/package/read-manifest.ts';

const KNOWN = await defaultDialects();

export function dialectOf(name: string): Dialect {
  const found = KNOWN.find((dialect) => dialect.name === name);
  if (found) return found;
  throw new Error(`Expected a dialect ${name}`);
}

export async function codeOf(name: string): Promise<DialectCode> {
  const code = await dialectOf(name).load?.();
  if (code) return code;
  throw new Error(`Expected the dialect ${name} to run`);
}

/** Of a host that does nothing. */
const NOTHING_LIVE: LiveContributions = {
  host: { run: async () => '', emit: async () => undefined, get: () => undefined },
  ran: new Set(),
  add: () => () => undefined,
};

/** One whose plugins are offered these capabilities. */
export async function linkedDialect(name: string, capabilities: readonly Capability[]): Promise<LinkedDialect> {
  return linkDialect(dialectOf(name), await codeOf(name), capabilities, NOTHING_LIVE);
}

/** The same at once, for those that were loaded. */
export async function linkerOf(
  ...names: readonly string[]
): Promise<(name: string, capabilities: readonly Capability[]) => LinkedDialect> {
  const codes = new Map(await Promise.all(names.map(async (name) => [name, await codeOf(name)] as const)));
  return (name, capabilities) => {
    const code = codes.get(name);
    if (!code) throw new Error(`Expected one of ${names.join(', ')}, got ${name}`);
    return linkDialect(dialectOf(name), code, capabilities, NOTHING_LIVE);
  };
}

/** The draft of a manifest of any of them. */
export async function readManifest(input: string | object, options: ReadOptions = {}): Promise<ManifestDraft> {
  return (await read(input, KNOWN, options)).draft;
}
