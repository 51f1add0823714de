// What plugins add to their host while they run, besides what their manifests say.

import type { LiveContributions as Live, LiveHost } from '../capabilities/services.ts';

import { type Contributions, eachKind } from '../manifest/contributions.ts';

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

  add(plugin: string, contributed: Contributions): () => void {
    const own = this.#byPlugin.get(plugin) ?? new Set();
    this.#byPlugin.set(plugin, own.add(contributed));
    this.#changed();
    return () => {
      if (own.delete(contributed)) this.#changed();
    };
  }

  /** Those of the manifest, and what was added since its worker started. */
  with(plugin: string, manifest: Contributions): Contributions {
    const added = this.#byPlugin.get(plugin);
    if (!added?.size) return manifest;
    const all = [manifest, ...added];
    return eachKind((key) => all.flatMap((one): readonly unknown[] => one[key]));
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
