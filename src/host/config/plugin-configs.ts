// The config of plugins that have a schema for it: what a person sets is checked, and its secrets are encrypted; what a guest reads
// is worked out. Comes with the first such plugin.

import type { SecretAccess } from '../../capabilities/host-function.ts';
import type { ConfigProblem } from '../../config/check-protocol.ts';
import { isSecret, secretNames, valuesOf } from '../../config/config-values.ts';
import { checkBySchema } from '../../config/schema-checker.ts';
import { ClocheError, messageOf } from '../../errors.ts';
import type { LogWriter } from '../../extensions/context.ts';
import type { Limits } from '../../limits.ts';
import type { ConfigSchema, PluginManifest } from '../../manifest/plugin-manifest.ts';
import { Redactor } from '../../secrets/redactor.ts';
import { isInMemory, type Secret, seal, unavailable, unseal } from '../../secrets/sealed-secrets.ts';
import type { EffectiveSettings } from '../settings/effective-settings.ts';
import type { PluginSettings } from '../settings/plugin-settings.ts';
import { fieldsAlone, withoutSecrets } from './partial-schemas.ts';
import { type TakenConfig, takeConfig } from './take-config.ts';

/** What is looked at of a plugin; read anew each time. */
export interface ConfiguredPlugin {
  readonly id: string;
  readonly installation: string;
  readonly manifest: PluginManifest;
  /** Its config has a handle for each secret that is set. */
  readonly effective: Pick<EffectiveSettings, 'config'>;
  readonly settings: Pick<PluginSettings, 'config' | 'secrets'>;
}

/** How a plugin is configured, and how it may be: what a form needs. No secret is in it. */
export interface PluginConfiguration {
  /** Of its manifest: untrusted; undefined where any text may be set. */
  readonly schema: ConfigSchema | undefined;
  /** What holds, in the types of the schema: what was set, else the manifest's own. */
  readonly values: Readonly<Record<string, unknown>>;
  /** By the fields that are secret. */
  readonly secrets: Readonly<Record<string, SecretState>>;
  /**
   * What is not as the schema takes it, such as a required field that nobody has set, or what was set before an update changed the
   * schema. Nothing of it is lost; a value that does not fit its field is not handed to the plugin.
   */
  readonly problems: readonly ConfigProblem[];
  /** What a person has lowered, as `configure` takes it: it holds beside the limits of the host and the manifest, also while one of those is lower. */
  readonly limits: Partial<Limits>;
}

/**
 * `memory`: set, and gone with this page, since the engine stores no keys or the page has no WebCrypto. `unavailable`: it cannot be
 * read any more, and has to be entered again.
 */
export type SecretState = 'unset' | 'set' | 'memory' | 'unavailable';

export class PluginConfigs {
  readonly #storage: string;
  readonly #say: LogWriter;
  readonly #redactor = new Redactor();
  /** By what was configured. */
  readonly #guestConfigs = new WeakMap<ReadonlyMap<string, string>, Promise<ReadonlyMap<string, string>>>();

  /** @param storage the host's */
  constructor(storage: string, say: LogWriter) {
    this.#storage = storage;
    this.#say = say;
  }

  /** See {@link Redactor.redact}. */
  redact<T>(plugin: string, value: T): T {
    return this.#redactor.redact(plugin, value);
  }

  /** Whether the manifest's own config is as its schema takes it. @throws {ClocheError} MANIFEST_INVALID */
  async checkManifest({ id, config, configSchema }: PluginManifest): Promise<void> {
    if (!configSchema) return;
    const [problem] = await problemsOf(
      id,
      fieldsAlone(configSchema),
      valuesOf(configSchema, config),
      'MANIFEST_INVALID',
    );
    if (!problem) return;
    const message = `\`config.${problem.path}\`, or its default in \`configSchema\`: ${problem.expected}`;
    throw new ClocheError('MANIFEST_INVALID', message, { plugin: id });
  }

  /**
   * What a person sets, checked as a whole beside what the manifest gives and the secrets that are set already.
   * @throws {ClocheError} OPTION_INVALID, CONFIG_INVALID
   */
  async take(manifest: PluginManifest, given: unknown, kept: PluginSettings['secrets']): Promise<TakenConfig> {
    const check = (schema: object, values: object) => problemsOf(manifest.id, schema, values, 'CONFIG_INVALID');
    return takeConfig(manifest, given, { kept, check, seal: (...sealed) => this.#seal(manifest.id, ...sealed) });
  }

  /**
   * What a guest reads: text, of which a secret is only its handle. Its secrets are read before that, so that no text with one of
   * them passes from then on.
   * @throws {ClocheError} CONFIG_INVALID for a schema that nothing can be checked by; STORAGE_FAILED
   */
  async guestConfig(plugin: ConfiguredPlugin): Promise<ReadonlyMap<string, string>> {
    await this.#secretStates(plugin);
    const { config } = plugin.effective;
    const known = this.#guestConfigs.get(config) ?? this.#fittingConfig(plugin);
    this.#guestConfigs.set(config, known);
    // The next start tries again.
    known.catch(() => this.#guestConfigs.delete(config));
    return known;
  }

  /** See `plugin.configuration`. */
  async describe(
    plugin: ConfiguredPlugin & { readonly settings: Pick<PluginSettings, 'limits'> },
  ): Promise<PluginConfiguration> {
    const { id, manifest, settings } = plugin;
    const { configSchema: schema } = manifest;
    const { limits } = settings;
    if (!schema)
      return { schema, values: Object.fromEntries(plugin.effective.config), secrets: {}, problems: [], limits };
    const values = valuesOf(schema, withoutPlain(schema, plugin));
    const problems = await problemsOf(id, withoutSecrets(schema, settings.secrets), values, 'CONFIG_INVALID');
    const isOpen = ([name]: [string, unknown]): boolean => !isSecret(schema, name);
    const shown = Object.fromEntries(Object.entries(values).filter(isOpen));
    return { schema, values: shown, secrets: Object.fromEntries(await this.#secretStates(plugin)), problems, limits };
  }

  /** The secrets of a plugin, for what carries them to where they may go. */
  access({ id, installation, manifest, settings }: Omit<ConfiguredPlugin, 'effective'>): SecretAccess {
    return {
      read: async (name) => {
        const owner = { plugin: id, installation, name };
        if (!manifest.configSchema || !isSecret(manifest.configSchema, name)) {
          throw unavailable(owner, 'its manifest names no such secret');
        }
        const sealed = settings.secrets.get(name);
        if (sealed === undefined) throw unavailable(owner, 'it was not entered yet');
        const secret = await unseal(this.#storage, owner, sealed);
        this.#redactor.know(id, name, secret.value);
        return secret;
      },
      redact: (value) => this.redact(id, value),
    };
  }

  async #seal(plugin: string, installation: string, name: string, secret: Secret): Promise<string> {
    this.#redactor.know(plugin, name, secret.value);
    return seal(this.#storage, { plugin, installation, name }, secret);
  }

  async #secretStates(plugin: ConfiguredPlugin): Promise<[string, SecretState][]> {
    const { manifest, settings } = plugin;
    const access = this.access(plugin);
    const stateOf = async (name: string): Promise<SecretState> => {
      const sealed = settings.secrets.get(name);
      if (sealed === undefined) return 'unset';
      try {
        await access.read(name);
        return isInMemory(sealed) ? 'memory' : 'set';
      } catch (thrown) {
        if (thrown instanceof ClocheError && thrown.code === 'SECRET_UNAVAILABLE') return 'unavailable';
        throw thrown;
      }
    };
    const names = manifest.configSchema ? secretNames(manifest.configSchema) : [];
    return Promise.all(names.map(async (name) => [name, await stateOf(name)] as [string, SecretState]));
  }

  /** What does not fit its field is left out, and the manifest's own, which does, stands in for it. */
  async #fittingConfig(plugin: ConfiguredPlugin): Promise<ReadonlyMap<string, string>> {
    const { id, manifest } = plugin;
    const { configSchema: schema } = manifest;
    if (!schema) return plugin.effective.config;
    const config = withoutPlain(schema, plugin);
    const problems = await problemsOf(id, fieldsAlone(schema), valuesOf(schema, config), 'CONFIG_INVALID');
    for (const { field = '', path, expected } of problems) {
      const text = `Its config \`${path}\` is not as its schema takes it, so it is kept and not handed over: ${expected}`;
      this.#say(id, 'warn', text);
      const own = manifest.config.get(field);
      if (own === undefined) config.delete(field);
      else config.set(field, own);
    }
    return config;
  }
}

/** A field that has become a secret since it was set as text: that text is nobody's to read any more. */
function withoutPlain(schema: ConfigSchema, { effective, settings }: ConfiguredPlugin): Map<string, string> {
  return new Map([...effective.config].filter(([name]) => !isSecret(schema, name) || settings.secrets.has(name)));
}

async function problemsOf(
  plugin: string,
  schema: object,
  value: object,
  code: 'CONFIG_INVALID' | 'MANIFEST_INVALID',
): Promise<readonly ConfigProblem[]> {
  try {
    return await checkBySchema({ schema, value });
  } catch (cause) {
    throw new ClocheError(code, `The config of plugin "${plugin}" cannot be checked: ${messageOf(cause)}`, {
      plugin,
      cause,
    });
  }
}
