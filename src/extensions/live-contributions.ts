// What plugins add to their host while they run, besides what their manifests say.

import type { LiveContributions as Live, LiveHost } from '../capabilities/services.ts';
import { type Contributions, contributionKeys, readContributions } from '../manifest/contributions.ts';
import { Fields } from '../manifest/fields.ts';
import { copyData } from '../util/json/untrusted-json.ts';

export class LiveContributions implements Live {
  readonly #byPlugin = new Map<string, Set<Contributions>>();
  readonly #changed: () => void;
  readonly host: LiveHost;
  readonly ran = new Set<(name: string, args: string) => void>();

  /** @param changed told after each change */
  constructor(host: LiveHost, changed: () => void) {
    this.host = host;
    this.#changed = changed;
  }

  /** @throws {ClocheError} MANIFEST_INVALID for what no manifest could say */
  add(plugin: string, contributed: object): () => void {
    const read = readContributions(new Fields(copyData(contributed), [], contributionKeys()), 'manifest');
    const own = this.#byPlugin.get(plugin) ?? new Set();
    this.#byPlugin.set(plugin, own.add(read));
    this.#changed();
    return () => {
      if (own.delete(read)) this.#changed();
    };
  }

  /** Those of the manifest, and what was added since its worker started. */
  with(plugin: string, manifest: Contributions): Contributions {
    const added = this.#byPlugin.get(plugin);
    if (!added?.size) return manifest;
    const all = [manifest, ...added];
    const listOf = (key: string): unknown[] =>
      all.flatMap((one) => (one as Record<string, readonly unknown[]>)[key] ?? []);
    return Object.fromEntries(contributionKeys().map((key) => [key, listOf(key)])) as unknown as Contributions;
  }

  /** Its worker has ended, and with it what it had added. */
  forget(plugin: string): void {
    const own = this.#byPlugin.get(plugin);
    this.#byPlugin.delete(plugin);
    if (!own?.size) return;
    own.clear();
    this.#changed();
  }
}
