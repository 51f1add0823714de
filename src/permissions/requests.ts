// What a plugin asks for, and what the grant `'manifest'` gives of that.

import type { Capability, Satisfied } from '../capabilities/capability.ts';
import { ClocheError, messageOf } from '../errors.ts';
import type { PermissionRequest, PluginManifest } from '../manifest/plugin-manifest.ts';
import type { ImportFact } from '../runtime/wire/protocol.ts';
import { visibleText } from '../util/text/visible-text.ts';

export type ImportedFunction = Pick<ImportFact, 'module' | 'name' | 'kind'>;

/**
 * The most that any plugin gets: `false` forbids a capability, any other value is a scope as its
 * `scope.parse` returned it, and undefined sets no limit. Hand it to host functions as `context.policy`.
 */
export type Policy = ReadonlyMap<string, unknown>;

/** A capability of which the plugin's modules import a function. */
export interface ImportedCapability extends Pick<Capability, 'name' | 'askedBy'> {
  /** The functions are the dialect's, in place of those that the capability has itself. */
  readonly own: boolean;
  /** Names of those that are imported. */
  readonly functions: readonly string[];
}

/** What a plugin asks for, by the rules of its dialect. */
export interface AskedPermission extends PermissionRequest {
  /** The scope is read as far as it can be: what is wrong with it only gives less. @default false: it is refused */
  readonly lenient?: boolean;
}

/** How plugins of a dialect ask. */
export interface RequestRules {
  /**
   * All that a plugin asks for: what its manifest says, and in a dialect whose manifests cannot name every capability also what
   * its modules import.
   * @param imported in the order of the host's capabilities
   */
  requests(
    manifest: Pick<PluginManifest, 'permissions'>,
    imported: readonly ImportedCapability[],
  ): readonly AskedPermission[];
}

/** A host function under the names by which modules import it. */
export interface LinkedFunction {
  readonly capability: Capability;
  readonly namespace: string;
  readonly name: string;
  /** It is the dialect's, in place of those that the capability has itself. */
  readonly own: boolean;
}

/** What a plugin's dialect makes of what the host offers. */
export interface RequestDialect extends RequestRules {
  /** All host functions that plugins of it find. */
  readonly linked: readonly LinkedFunction[];
}

export interface RequestQuestion {
  readonly manifest: Pick<PluginManifest, 'id' | 'permissions'>;
  readonly dialect: RequestDialect;
  /** What the plugin's modules import; only functions count. */
  readonly importedFunctions: Iterable<ImportedFunction>;
  /** What the host offers. */
  readonly capabilities: readonly Capability[];
  readonly policy: Policy;
}

/** A request together with the capability it names, where the host offers it. */
export interface KnownRequest extends AskedPermission {
  readonly offered: Capability | undefined;
}

/** Granted to every plugin: without a log nobody can see what it does. */
export const ALWAYS_GRANTED = 'log';

/** What a plugin asks for, by the rules of its dialect. */
export function requestsOf(question: RequestQuestion): KnownRequest[] {
  const { manifest, dialect, capabilities } = question;
  const byName = new Map(capabilities.map((capability) => [capability.name, capability]));
  const imported = capabilities.flatMap((capability): ImportedCapability[] => {
    const found = importedOf(capability, question);
    const [first] = found;
    const { name, askedBy } = capability;
    const functions = found.map((fn) => fn.name);
    return first ? [{ name, own: first.own, functions, ...(askedBy && { askedBy }) }] : [];
  });
  return dialect
    .requests(manifest, imported)
    .map((request) => ({ ...request, offered: byName.get(request.capability) }));
}

/** The functions of a capability that the plugin's modules import. */
export function importedOf(capability: Capability, { dialect, importedFunctions }: RequestQuestion): LinkedFunction[] {
  const linked = dialect.linked.filter((fn) => fn.capability === capability);
  return [...importedFunctions].flatMap(({ module, name, kind }) => {
    // Interfaces of components may have a version, of which all have the same functions here.
    const names = [module, module.replace(/@.*/, '')];
    const found = kind === 'function' && linked.find((fn) => fn.name === name && names.includes(fn.namespace));
    return found ? [found] : [];
  });
}

/**
 * What the grant `'manifest'` gives of a request.
 * @throws {ClocheError} MANIFEST_INVALID for a bad scope, unless it is read leniently and the capability has a `satisfy` of
 * its own
 */
export function satisfied(
  { capability, scope, offered, lenient }: KnownRequest,
  { manifest, policy }: RequestQuestion,
): Satisfied {
  const rule = offered?.scope;
  const path = `permissions.${visibleText(capability, 64)}`;
  try {
    if (!rule) {
      if (scope === undefined) return { scope, unmet: [] };
      throw new ClocheError('MANIFEST_INVALID', `Expected \`${path}\` to be true: it has no scope`);
    }
    if (!rule.satisfy) {
      return { scope: scope === undefined ? rule.all : rule.parse(scope, path), unmet: [] };
    }
    if (!lenient && scope !== undefined) rule.parse(scope, path);
    return rule.satisfy(scope, path, policy.get(capability));
  } catch (cause) {
    throw new ClocheError('MANIFEST_INVALID', messageOf(cause), { plugin: manifest.id, cause });
  }
}
