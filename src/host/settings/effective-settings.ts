// What holds for a plugin: worked out of what the host allows, what the manifest says and what a user has set.

import type { Capability } from '../../capabilities/capability.ts';
import { sentenceText } from '../../capabilities/sentences.ts';
import type { SettledGrant } from '../../dialects/dialect.ts';
import { messageOf } from '../../errors.ts';
import type { LogWriter } from '../../extensions/context.ts';
import { givenLimits, type Limits, lowerLimits } from '../../limits.ts';
import type { PluginManifest } from '../../manifest/plugin-manifest.ts';
import { checkedConfig, givenConfig } from '../../options.ts';
import { type PluginRequest, requestsWithGrants } from '../../permissions/describe-requests.ts';
import {
  type AcceptedRequest,
  checkedGrant,
  followsManifest,
  type Grant,
  ownWordsOf,
  resolveGrants,
} from '../../permissions/grants.ts';
import { type RequestQuestion, requestsOf, satisfied } from '../../permissions/requests.ts';
import type { StagedUpdate } from '../../registry/record.ts';
import type { ImportFact, ModuleFacts } from '../../runtime/wire/protocol.ts';
import { handleOf } from '../../secrets/handle.ts';
import { describedSignature, type PluginSignature, type Publishers, type Trust } from '../../trust/trust.ts';
import { givenOptions, type KeysOf } from '../../util/given-options.ts';
import { visibleText } from '../../util/text/visible-text.ts';
import type { HostDialects } from '../dialects.ts';
import type { OfferedFunction } from '../host-calls/offered-functions.ts';
import type { Stubs } from '../host-calls/stubs.ts';
import type { PluginSettings, SettingsChange } from './plugin-settings.ts';

/** A newer version that asks for more than the plugin was granted. Nothing of it runs before somebody accepts it. */
export interface PendingUpdate {
  readonly version: string;
  /** Of its package: for `accept`. */
  readonly sha256: string;
  /** How its package is signed: by the same publisher as the plugin's, where that is signed. */
  readonly signature: PluginSignature;
  /** All that it asks for; `missing` is what the plugin may not do now, and may do then. */
  readonly requests: readonly PluginRequest[];
}

export interface PluginChanges {
  /**
   * Replaces what the user has set; the manifest's own config shows through. Texts; where the manifest has a schema, what that
   * takes, and of secrets only those that are named change: null takes one away.
   */
  config?: Readonly<Record<string, unknown>>;
  limits?: Partial<Limits>;
  grant?: Grant;
}

const CHANGES: KeysOf<PluginChanges> = { config: true, limits: true, grant: true };

/**
 * @param bySchema its config is for its schema to check
 * @returns what is to be set, and the config where that is not checked yet
 * @throws {ClocheError} OPTION_INVALID for what is unknown, or cannot be set
 */
export function checkedChanges(
  given: PluginChanges,
  capabilities: readonly Capability[],
  bySchema: boolean,
): { readonly changes: SettingsChange; readonly config: unknown } {
  const { config, limits, grant } = givenOptions<PluginChanges>('`configure`', given, CHANGES);
  const changes = {
    ...(config !== undefined && !bySchema && { config: checkedConfig(config) }),
    ...(limits !== undefined && { limits: givenLimits(limits) }),
    // Whoever decides on all of it takes back what was said yes to before.
    ...(grant !== undefined && { grant: checkedGrant(grant, capabilities), accepted: [] }),
  };
  return { changes, config: bySchema ? givenConfig(config) : undefined };
}

/** An optional request that nobody has decided on. */
export interface OptionalRequest {
  /** As a person reads it. */
  readonly shown: PluginRequest;
  /** What a yes is a yes to. */
  readonly accepted: AcceptedRequest;
  /** What it gives. */
  readonly scope: unknown;
}

/** What a host allows its plugins. */
export interface HostRules {
  readonly limits: Limits;
  readonly capabilities: readonly Capability[];
  readonly policy: ReadonlyMap<string, unknown>;
  readonly dialects: HostDialects;
  readonly trust: Trust;
  readonly publishers: Publishers;
  readonly say: LogWriter;
}

/** All that it is worked out of; none of it changes. */
export interface SettingsSources {
  readonly host: HostRules;
  readonly manifest: PluginManifest;
  readonly settings: Omit<PluginSettings, 'quarantined'>;
  /** Optional requests that were accepted until the page is left. */
  readonly session: readonly AcceptedRequest[];
  /** What the settings of the app say in the place of what people have decided. */
  readonly settled: SettledGrant | undefined;
  /** Undefined before its modules were read: what it imports is what some plugins ask by. */
  readonly facts: readonly ModuleFacts[] | undefined;
}

export class EffectiveSettings {
  readonly limits: Readonly<Limits>;
  readonly config: ReadonlyMap<string, string>;
  /** What the plugin asks for, and of whom. */
  readonly question: RequestQuestion;
  /** What stands for what it imports and nobody provides; undefined where it is refused for that. */
  readonly stubs: Stubs<ImportFact> | undefined;
  /** Who has decided what: the app for good, or people. */
  readonly decided: Pick<PluginSettings, 'grant' | 'accepted'>;
  readonly #sources: SettingsSources;
  #grants: ReadonlyMap<string, unknown> | undefined;
  #functions: readonly OfferedFunction[] | undefined;

  constructor(sources: SettingsSources) {
    const { host, manifest, settings, settled, facts = [] } = sources;
    const importedFunctions = facts.flatMap(({ imports }) => imports);
    this.#sources = sources;
    this.decided = decidedGrant(host.trust, manifest.id, settings, settled);
    if (settled?.problem !== undefined) host.say(manifest.id, 'error', settled.problem);
    this.limits = lowerLimits(lowerLimits(host.limits, manifest.limits), settings.limits);
    const handles = [...settings.secrets.keys()].filter((name) => manifest.configSchema?.properties[name]?.writeOnly);
    this.config = new Map([
      ...manifest.config,
      ...settings.config,
      ...handles.map((name) => [name, handleOf(name)] as const),
    ]);
    this.question = {
      manifest,
      dialect: host.dialects.get(manifest.dialect),
      importedFunctions,
      capabilities: host.capabilities,
      policy: host.policy,
    };
    this.stubs = host.dialects.stubs(settings.missing, manifest, importedFunctions);
  }

  /** Whether the same sources would say the same again. */
  isOf({ manifest, settings, session, settled, facts }: Omit<SettingsSources, 'host'>): boolean {
    const own = this.#sources;
    const isSettings = settings === own.settings && session === own.session && settled === own.settled;
    return isSettings && manifest === own.manifest && facts === own.facts;
  }

  /** What may be used, by capability; undefined for all of it. */
  get grants(): ReadonlyMap<string, unknown> {
    this.#grants ??= this.#resolve();
    return this.#grants;
  }

  get requests(): PluginRequest[] {
    return [...requestsWithGrants(this.question, this.grants), ...(this.stubs?.requests ?? [])];
  }

  /** All that its guest finds, in the order in which its worker counts them. */
  get functions(): readonly OfferedFunction[] {
    this.#functions ??= this.#found();
    return this.#functions;
  }

  /** What is asked for of a capability; undefined for all of it, and where it is not. */
  asked(capability: string): unknown {
    return requestsOf(this.question).find((one) => one.capability === capability)?.scope;
  }

  /** The request for a capability that was not granted and may be asked for now; undefined where a person has decided on it. */
  optional(capability: string): OptionalRequest | undefined {
    const { host, manifest, settled } = this.#sources;
    const { grant } = this.decided;
    if (!followsManifest(grant) || ownWordsOf(grant).has(capability)) return undefined;
    if (settled || host.trust.fixedGrant?.(manifest.id) !== undefined) return undefined;
    const request = requestsOf(this.question).find((one) => one.capability === capability && one.optional);
    const shown = request && this.requests.find((one) => one.optional && one.capability === capability);
    if (!shown || shown.granted || (shown.status !== 'granted' && shown.status !== 'partly')) return undefined;
    return { shown, accepted: { capability, scope: request.scope }, scope: satisfied(request, this.question).scope };
  }

  /** What of the grants only a server can do, while none is configured: a sentence by capability. */
  get needsServer(): ReadonlyMap<string, string> {
    const asked = new Set(requestsOf(this.question).map(({ capability }) => capability));
    const missing = this.#sources.host.capabilities.flatMap(({ name, needsServer }) =>
      needsServer !== undefined && this.grants.has(name) && asked.has(name)
        ? [[name, sentenceText(needsServer)] as const]
        : [],
    );
    return new Map(missing);
  }

  get pending(): PendingUpdate | undefined {
    const staged = this.#sources.settings.pending;
    // One that another tab has staged is told of, once its dialect is loaded here.
    if (!staged || !this.#sources.host.dialects.has(staged.manifest.dialect)) return undefined;
    const more = new Set(staged.more.map((name) => visibleText(name, 64)));
    // Before its imports are known, what was granted by them is told by what the update asks for and needs no yes.
    const settled = ({ capability }: PluginRequest): boolean => !this.#sources.facts && !more.has(capability);
    return {
      version: staged.manifest.version,
      sha256: staged.sha256,
      signature: describedSignature(staged.signature, this.#sources.host.publishers),
      requests: this.#requestsOfUpdate(staged).map((request) => (settled(request) ? asGranted(request) : request)),
    };
  }

  /** @throws {ClocheError} OPTION_INVALID, MANIFEST_INVALID for a grant that cannot be given */
  checkGrant(grant: Grant): void {
    resolveGrants({ ...this.question, grant });
  }

  #requestsOfUpdate({ manifest, imports, missing }: StagedUpdate): PluginRequest[] {
    const { host, settings } = this.#sources;
    const importedFunctions = imports.map(([module, name]) => ({ module, name, kind: 'function' as const }));
    const dialect = host.dialects.get(manifest.dialect);
    const stubs = host.dialects.stubs(missing ?? settings.missing, manifest, importedFunctions);
    const requests = requestsWithGrants({ ...this.question, manifest, dialect, importedFunctions }, this.grants);
    return [...requests, ...(stubs?.requests ?? [])];
  }

  #found(): OfferedFunction[] {
    const { host, manifest } = this.#sources;
    const { linked, rules } = host.dialects.get(manifest.dialect);
    return [...linked.filter((fn) => rules.finds?.(manifest, fn) ?? true), ...(this.stubs?.functions ?? [])];
  }

  /** An app may have made its rules stricter since: then one scope less is granted, and nothing else suffers. */
  #resolve(): ReadonlyMap<string, unknown> {
    const { host, manifest, session, facts } = this.#sources;
    const { grant, accepted } = this.decided;
    return resolveGrants({ ...this.question, grant, accepted: [...accepted, ...session] }, (error) => {
      // Before its imports are known this is not an answer for keeps.
      if (facts) host.say(manifest.id, 'error', `Not granted, since it cannot be read: ${messageOf(error)}`);
    });
  }
}

/** What an app has settled for good takes the place of all that people decide. */
export function decidedGrant(
  trust: Trust,
  id: string,
  { grant, accepted }: Pick<PluginSettings, 'grant' | 'accepted'>,
  settled: SettledGrant | undefined,
): Pick<PluginSettings, 'grant' | 'accepted'> {
  const fixed = trust.fixedGrant?.(id);
  const other = fixed ?? settled?.grant;
  return other === undefined ? { grant, accepted } : { grant: other, accepted: [] };
}

function asGranted(request: PluginRequest): PluginRequest {
  const { sentences: given, unmet: missing } = request;
  return { ...request, granted: given.length > 0, given, missing };
}
