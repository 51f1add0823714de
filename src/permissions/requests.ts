// What a plugin asks for, and how to say it on a consent page.

import type { Capability, Risk, Satisfied } from '../capabilities/capability.ts';
import { asSentence, type Sentence, sentence } from '../capabilities/sentences.ts';
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

export interface RequestDescription {
  /** From the manifest, made visible; show it as text. */
  readonly capability: string;
  readonly risk: Risk;
  /**
   * What the grant `'manifest'` makes of it: `partly` where `unmet` says what is missing, `forbidden`
   * by the policy, `unknown` where the host offers no such capability, `unreadable` where the capability's rule does
   * not take the scope: nothing is given then. That is refused at installation, so it is of a plugin that was installed
   * under another rule. `unasked` for what it imports and its manifest does not ask for: only a grant by hand gives it,
   * and until then its functions fail. `stubbed` for functions that it imports and nobody provides, under `missing: 'stub'`: no grant
   * gives them, and `capability` is their namespace.
   */
  readonly status: 'granted' | 'partly' | 'forbidden' | 'unknown' | 'unreadable' | 'unasked' | 'stubbed';
  /** What is given, riskiest first. Ours, though hosts in it are the plugin's. */
  readonly sentences: readonly Sentence[];
  /** What is asked for and not given. */
  readonly unmet: readonly Sentence[];
  /** Only a server can do it, and the host has none: why. Until then its functions answer with an error. */
  readonly needsServer: Sentence | undefined;
  /** The plugin's own words, made visible: show them as a quotation, and never as ours. */
  readonly reason: string | undefined;
  /** It is asked for when the plugin needs it, see the host's option `ask`; `status` says what a yes would give. */
  readonly optional: boolean;
  /** What is asked for, as a grant has it; undefined for all of the capability. */
  readonly scope: unknown;
}

/** A request beside what the plugin may do of it now, which a user decides. */
export interface PluginRequest extends RequestDescription {
  readonly granted: boolean;
  /** What it may do of it now, riskiest first. */
  readonly given: readonly Sentence[];
  /** What it asks for and may not do now. */
  readonly missing: readonly Sentence[];
}

/** Granted to every plugin: without a log nobody can see what it does. */
export const ALWAYS_GRANTED = 'log';

export const RISKS: readonly Risk[] = ['high', 'medium', 'low'];

/** What a plugin asks for, riskiest first, and last what nobody gives. Never throws: one that cannot be read says so. */
export function describeRequests(question: RequestQuestion): RequestDescription[] {
  const requests = requestsOf(question).map((request) => describeRequest(request, question, () => undefined));
  return [...requests, ...unaskedOf(question)].sort((a, b) => order(a) - order(b));
}

/** What a plugin asks for beside what it was granted, by {@link describeRequests}. */
export function requestsWithGrants(question: RequestQuestion, grants: ReadonlyMap<string, unknown>): PluginRequest[] {
  return describeRequests(question).map((request) => {
    const capability = question.capabilities.find(({ name }) => name === request.capability);
    const granted = capability !== undefined && grants.has(capability.name) && isSomething(capability, grants);
    const given = granted ? sentencesOf(capability, grants.get(capability.name)) : [];
    const isAll = granted && (request.status === 'unasked' || isEverything(given, capability));
    const asked = isAll ? [] : [...request.sentences, ...request.unmet];
    return { ...request, granted, given, missing: asked.filter((one) => !isSaid(one, given)) };
  });
}

/** Not the least of what every plugin has all of otherwise. */
function isSomething({ name, scope }: Capability, grants: ReadonlyMap<string, unknown>): boolean {
  return scope?.none === undefined || grants.get(name) !== scope.none;
}

/** Whoever may do all that a capability has misses nothing that is asked for. */
function isEverything(given: readonly Sentence[], capability: Capability): boolean {
  return sentencesOf(capability, capability.scope?.all).every((one) => isSaid(one, given));
}

export function isSaid({ text }: Sentence, all: readonly Sentence[]): boolean {
  return all.some((one) => one.text === text);
}

/** What a scope of a capability gives, riskiest first. */
function describeScope(capability: Capability, scope: unknown): readonly Sentence[] {
  return capability.scope?.describe(scope).map(asSentence) ?? [summaryOf(capability)];
}

/** An app's rule may fail at what it took itself; then less is known of the grant, and the list stays. */
export function sentencesOf(capability: Capability, scope: unknown): readonly Sentence[] {
  try {
    return describeScope(capability, scope);
  } catch {
    return [summaryOf(capability)];
  }
}

/**
 * Whether all that a plugin asks for can be read, whatever is granted of it.
 * @throws {ClocheError} MANIFEST_INVALID for the first that cannot
 */
export function checkRequests(question: RequestQuestion): void {
  for (const request of requestsOf(question)) {
    describeRequest(request, question, (cause) => {
      throw new ClocheError('MANIFEST_INVALID', messageOf(cause), { plugin: question.manifest.id, cause });
    });
  }
}

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
function importedOf(capability: Capability, { dialect, importedFunctions }: RequestQuestion): LinkedFunction[] {
  const linked = dialect.linked.filter((fn) => fn.capability === capability);
  return [...importedFunctions].flatMap(({ module, name, kind }) => {
    // Interfaces of components may have a version, of which all have the same functions here.
    const names = [module, module.replace(/@.*/, '')];
    const found = kind === 'function' && linked.find((fn) => fn.name === name && names.includes(fn.namespace));
    return found ? [found] : [];
  });
}

/** What needs no grant is nothing to ask for. */
function unaskedOf(question: RequestQuestion): RequestDescription[] {
  const asked = new Set(requestsOf(question).map(({ capability }) => capability));
  return question.capabilities
    .filter(({ name }) => name !== ALWAYS_GRANTED && !asked.has(name))
    .flatMap((capability) => {
      const names = importedOf(capability, question).map(({ name }) => visibleText(name, 64));
      return names.length === 0 ? [] : [unasked(capability, names)];
    });
}

function unasked(
  { name: capability, risk = 'medium', needsServer }: Capability,
  functions: readonly string[],
): RequestDescription {
  return {
    capability,
    risk,
    status: 'unasked',
    sentences: [],
    unmet: [
      sentence(
        'unasked',
        'Imports {functions} and does not ask for {capability}: it fails unless that is allowed by hand.',
        { functions, capability },
      ),
    ],
    needsServer: needsServer === undefined ? undefined : asSentence(needsServer),
    reason: undefined,
    optional: false,
    scope: undefined,
  };
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

function describeRequest(
  request: KnownRequest,
  question: RequestQuestion,
  unreadable: (thrown: unknown) => void,
): RequestDescription {
  const { offered, optional = false, scope: askedScope } = request;
  const { risk = 'medium' } = offered ?? {};
  const needsServer = offered?.needsServer === undefined ? undefined : asSentence(offered.needsServer);
  const capability = visibleText(request.capability, 64);
  const reason = request.reason === undefined ? undefined : visibleText(request.reason, 2_000);
  const description = (
    status: RequestDescription['status'],
    sentences: readonly Sentence[],
    unmet: readonly Sentence[],
  ): RequestDescription => ({
    capability,
    risk,
    status,
    sentences,
    unmet,
    needsServer,
    reason,
    optional,
    scope: askedScope,
  });
  const notGiven = (status: RequestDescription['status'], why: Sentence): RequestDescription =>
    description(status, [], [why]);

  if (!offered)
    return notGiven(
      'unknown',
      sentence('asksUnknown', 'Asks for {capability}, which this site does not offer.', { capability }),
    );
  try {
    const { scope, unmet } = satisfied(request, question);
    const sentences = describeScope(offered, scope);
    if (question.policy.get(request.capability) === false) {
      return notGiven(
        'forbidden',
        sentence('asksForbidden', 'Asks for {capability}, which the policy of this site forbids.', { capability }),
      );
    }
    return description(unmet.length === 0 ? 'granted' : 'partly', sentences, unmet.map(asSentence));
  } catch (thrown) {
    unreadable(thrown);
    const why = visibleText(messageOf(thrown), 500);
    return notGiven(
      'unreadable',
      sentence('asksUnreadable', 'Asks for {capability} in a way that this site cannot read: {why}', {
        capability,
        why,
      }),
    );
  }
}

function summaryOf({ name, summary, functions }: Capability): Sentence {
  return asSentence(
    summary ??
      sentence('functions', 'Use {capability}: {functions}.', { capability: name, functions: [...functions.keys()] }),
  );
}

function order({ status, risk }: RequestDescription): number {
  const isGiven = status === 'granted' || status === 'partly';
  return isGiven ? RISKS.indexOf(risk) : RISKS.length;
}
