// What plugins add to their host while they run, besides what their manifests say.

import type { LiveContributions as Live, LiveHost } from '../capabilities/services.ts';
import { type Contributions, eachKind } from '../manifest/contributions.ts';

export class LiveContributions implements Live {
  readonly #byPlugin = new Map<string, Set<Contributions>>();
  /** Made anew when either changes: every command that is run asks. */
  readonly #joined = new Map<string, { readonly manifest: Contributions; readonly all: Contributions }>();
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
    this.#change(plugin);
    return () => {
      if (own.delete(contributed)) this.#change(plugin);
    };
  }

  /** Those of the manifest, and what was added since its worker started. */
  with(plugin: string, manifest: Contributions): Contributions {
    const added = this.#byPlugin.get(plugin);
    if (!added?.size) return manifest;
    const known = this.#joined.get(plugin);
    if (known?.manifest === manifest) return known.all;
    const each = [manifest, ...added];
    const all = eachKind((key) => each.flatMap((one): readonly unknown[] => one[key]));
    this.#joined.set(plugin, { manifest, all });
    return all;
  }

  /** Its worker has ended, and with it what it had added. */
  forget(plugin: string): void {
    const own = this.#byPlugin.get(plugin);
    this.#byPlugin.delete(plugin);
    if (!own?.size) return;
    own.clear();
    this.#change(plugin);
  }

  #change(plugin: string): void {
    this.#joined.delete(plugin);
    this.#changed();
  }
}
