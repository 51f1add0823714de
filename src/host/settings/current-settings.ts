// What one plugin is and may do now, and every change of that: what is stored of it, what a person has allowed until the page is
// left, and what both come to. All that its runner and its host functions know of it, they know from here.

import type { ClocheError } from '../../errors.ts';
import type { PluginManifest } from '../../manifest/plugin-manifest.ts';
import { type AcceptedRequest, checkedGrant, copyOf, type Grant, hadAnyway } from '../../permissions/grants.ts';
import { takesAway } from '../../permissions/revoked.ts';
import type { Runner } from '../../runtime/runner.ts';
import { allSwitchedOff, closed, switchedOff } from '../../runtime/runner-errors.ts';
import { loadChunk } from '../../util/load-chunk.ts';
import { mergedSecrets } from '../config/late-configs.ts';
import type { LinkedDialect } from '../dialects.ts';
import type { PluginContext } from '../plugin-context.ts';
import type { RunnablePlugin } from '../runner-factory.ts';
import { checkedChanges, EffectiveSettings, type PluginChanges } from './effective-settings.ts';
import type { ChangeOfNewest, PluginSettings } from './plugin-settings.ts';

/** Whether it is quarantined is the runner's state, and nobody else's. */
type KeptSettings = Omit<PluginSettings, 'quarantined'>;

/** What somebody wants to change, checked. */
interface AskedChange {
  /** For the audit. */
  readonly given: object;
  /** @returns whether the plugin may not do any more what it might before */
  make(): Promise<boolean>;
}

export class CurrentSettings implements RunnablePlugin {
  /** Capabilities that it has called: those may have stored something of it. */
  readonly used = new Set<string>();
  readonly #context: PluginContext;
  readonly #runner: () => Pick<Runner, 'facts' | 'state'>;
  #manifest: PluginManifest;
  #settings: KeptSettings;
  /** Optional permissions that were given until the page is left. */
  #session: readonly AcceptedRequest[] = [];
  #effective: EffectiveSettings | undefined;

  /** @param runner asked for once it is made */
  constructor(
    context: PluginContext,
    runner: () => Pick<Runner, 'facts' | 'state'>,
    manifest: PluginManifest,
    settings: PluginSettings,
  ) {
    this.#context = context;
    this.#runner = runner;
    this.#manifest = manifest;
    this.#settings = withoutQuarantine(settings);
  }

  get id(): string {
    return this.#manifest.id;
  }

  get manifest(): PluginManifest {
    return this.#manifest;
  }

  /** What is stored of it, or would be. */
  get settings(): KeptSettings {
    return this.#settings;
  }

  get installation(): string {
    return this.#settings.installation;
  }

  /** The system whose plugin it is, as this host has it. */
  get linkedDialect(): LinkedDialect {
    return this.#context.dialects.get(this.#manifest.dialect);
  }

  /** Why the app has it not run, whoever switches it on: NOT_ALLOWED or BLOCKED. */
  get blocked(): ClocheError | undefined {
    const { sha256, signature } = this.#settings;
    return this.#context.trust.refusal?.({ manifest: this.#manifest, sha256, signature });
  }

  get refusal(): ClocheError | undefined {
    if (this.#context.disabled) return allSwitchedOff(this.id);
    if (this.blocked) return this.blocked;
    return this.#settings.enabled ? this.linkedDialect.rules.refusal?.(this.#manifest) : switchedOff(this.id);
  }

  /** What holds for it; made anew whenever its manifest, its settings or what is known of its imports are others. */
  get effective(): EffectiveSettings {
    const [manifest, settings, session] = [this.#manifest, this.#settings, this.#session];
    const settled = this.linkedDialect.rules.grant?.(manifest);
    const sources = { manifest, settings, session, settled, facts: this.#runner().facts };
    if (!this.#effective?.isOf(sources)) this.#effective = new EffectiveSettings({ host: this.#context, ...sources });
    return this.#effective;
  }

  get guestConfig(): RunnablePlugin['guestConfig'] {
    return this.#manifest.configSchema
      ? this.#context.configs.load().then((late) => late.guestConfig(this))
      : this.effective.config;
  }

  /** See `plugin.configure`. @throws {ClocheError} OPTION_INVALID */
  configuring(given: PluginChanges): AskedChange {
    const { configSchema } = this.#manifest;
    const { changes, config } = checkedChanges(given, this.#context.capabilities, configSchema !== undefined);
    if (changes.grant !== undefined) this.effective.checkGrant(changes.grant);
    return {
      given: config === undefined ? changes : { ...changes, config },
      make: async () => {
        const taken = config === undefined ? undefined : await this.#taken(config);
        return this.#losing(async () => {
          await this.save((newest) => ({ ...changes, ...taken?.(newest) }));
          if (changes.accepted) this.#forgetAnswers();
        });
      },
    };
  }

  /** See `plugin.amend`. @throws {ClocheError} OPTION_INVALID, GRANT_FIXED, FETCH_FAILED */
  async amending(changes: Readonly<Record<string, unknown>>): Promise<AskedChange> {
    const given = copyOf('changes', changes) as typeof changes;
    const { amended } = await loadChunk(() => import('../../permissions/amended.ts'));
    const grantFrom = (grant: Grant): Grant =>
      checkedGrant(amended(grant, given, this.effective.grants), this.#context.capabilities);
    const grant = grantFrom(this.effective.decided.grant);
    this.effective.checkGrant(grant);
    return {
      given: { grant },
      make: () => this.#losing(() => this.save((newest) => ({ grant: grantFrom(newest.grant) }))),
    };
  }

  async allow(request: AcceptedRequest, duration: 'always' | 'session'): Promise<void> {
    if (duration === 'always') await this.save(({ accepted }) => ({ accepted: [...accepted, request] }));
    else this.#session = [...this.#session, request];
    this.#context.changed('settings');
  }

  /** What was answered until now does not count. @returns whether it may not do any more what it might before */
  forgetAnswers(): boolean {
    const before = this.effective.grants;
    this.#forgetAnswers();
    return this.#hasLost(before);
  }

  /** What it has said of itself, once it was started; nothing that runs depends on that. */
  describe(manifest: PluginManifest): void {
    this.#manifest = manifest;
  }

  /** Another version, or what another tab has stored. @returns whether it may not do any more what it might before */
  adopt(manifest: PluginManifest, settings: PluginSettings): boolean {
    const before = this.effective.grants;
    this.#manifest = manifest;
    this.#settings = withoutQuarantine(settings);
    return this.#hasLost(before);
  }

  /** Another update waits, or none. */
  stage(pending: PluginSettings['pending']): void {
    this.#settings = { ...this.#settings, pending };
    this.#context.changed('pending');
  }

  async keepQuarantine(): Promise<void> {
    await this.save(() => ({ quarantined: true }));
  }

  /**
   * Only what changes is stored: another tab may have changed something else meanwhile.
   * @throws {ClocheError} STORAGE_FAILED, CLOSED
   */
  async save(change: ChangeOfNewest): Promise<void> {
    if (this.#runner().state === 'closed') throw closed(this.id);
    const stored = await this.#context.save(change);
    const { quarantined: _, ...changed } = stored ?? change(this.#settings);
    this.#settings = { ...this.#settings, ...changed };
  }

  async #losing(change: () => Promise<void>): Promise<boolean> {
    const before = this.effective.grants;
    await change();
    return this.#hasLost(before);
  }

  #hasLost(before: ReadonlyMap<string, unknown>): boolean {
    return takesAway(before, this.effective.grants, hadAnyway(this.#context.capabilities));
  }

  #forgetAnswers(): void {
    this.#session = [];
    this.#context.questions?.forget(this.installation);
  }

  /** Config that a person has entered, checked by its schema, and its secrets encrypted. */
  async #taken(given: unknown): Promise<ChangeOfNewest> {
    const late = await this.#context.configs.load();
    const { config, seal } = await late.take(this.#manifest, given, this.#settings.secrets);
    const sealed = await seal(this.installation);
    return ({ secrets }) => ({ config, secrets: mergedSecrets(secrets, sealed) });
  }
}

function withoutQuarantine({ quarantined: _, ...kept }: PluginSettings): KeptSettings {
  return kept;
}
