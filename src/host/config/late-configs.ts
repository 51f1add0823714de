// Where a page gets what plugins with a schema for their config need: with the first of them.

import type { LogWriter } from '../../extensions/context.ts';
import { loadChunk } from '../../util/load-chunk.ts';
import type { PluginConfigs } from './plugin-configs.ts';

export class LateConfigs {
  readonly #storage: string;
  readonly #say: LogWriter;
  #loaded: PluginConfigs | undefined;

  constructor(storage: string, say: LogWriter) {
    this.#storage = storage;
    this.#say = say;
  }

  /** Undefined before a plugin that has any config of a schema was started. */
  get loaded(): PluginConfigs | undefined {
    return this.#loaded;
  }

  /** @throws {ClocheError} FETCH_FAILED */
  async load(): Promise<PluginConfigs> {
    const { PluginConfigs } = await loadChunk(() => import('./plugin-configs.ts'));
    this.#loaded ??= new PluginConfigs(this.#storage, this.#say);
    return this.#loaded;
  }

  /** What it was given, with handles in the place of the plugin's secrets; see `secrets/redactor.ts`. */
  redact<T>(plugin: string, value: T): T {
    return this.#loaded ? this.#loaded.redact(plugin, value) : value;
  }
}

/** @param changes what was entered, and empty text for what was taken away */
export function mergedSecrets(
  before: ReadonlyMap<string, string>,
  changes: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  return new Map([...new Map([...before, ...changes])].filter(([, sealed]) => sealed !== ''));
}
