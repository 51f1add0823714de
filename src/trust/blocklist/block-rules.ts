// Whether a list blocks a plugin.

import { ClocheError } from '../../errors.ts';
import { shown } from '../../util/text/shown.ts';
import type { JudgedPlugin } from '../trust.ts';
import type { BlockedEntry, BlocklistDocument } from './blocklist-document.ts';

export class BlockRules {
  readonly sequence: number;
  readonly #byId = new Map<string, BlockedEntry[]>();
  readonly #byHash = new Map<string, BlockedEntry[]>();

  constructor({ sequence, blocked }: BlocklistDocument) {
    this.sequence = sequence;
    for (const entry of blocked) {
      if (entry.id !== undefined) add(this.#byId, entry.id, entry);
      else if (entry.sha256 !== undefined) add(this.#byHash, entry.sha256, entry);
    }
  }

  /** @returns why it is blocked, or undefined */
  blocked(plugin: JudgedPlugin): ClocheError | undefined {
    const { manifest, sha256 } = plugin;
    const hashes = [sha256, ...manifest.modules.map((one) => one.sha256), ...manifest.assets.map((one) => one.sha256)];
    const entries = [
      ...(this.#byId.get(manifest.id) ?? []),
      ...hashes.flatMap((hash) => (hash === undefined ? [] : (this.#byHash.get(hash) ?? []))),
    ];
    const entry = entries.find((one) => fits(one, plugin, hashes));
    return entry && blockedError(manifest.id, entry.reason || 'no reason is given');
  }
}

export function blockedError(plugin: string, why: string): ClocheError {
  return new ClocheError('BLOCKED', `Plugin ${shown(plugin)} is blocked by the app: ${why}`, { plugin });
}

/** Where the hash of its package is not known it is not known to be another. */
function fits(entry: BlockedEntry, plugin: JudgedPlugin, hashes: readonly (string | undefined)[]): boolean {
  const { id, sha256, versions } = entry;
  const { manifest } = plugin;
  if (id !== undefined && id !== manifest.id) return false;
  if (sha256 !== undefined && plugin.sha256 !== undefined && !hashes.includes(sha256)) return false;
  return !versions || versions.some((range) => range.has(manifest.version));
}

function add(entries: Map<string, BlockedEntry[]>, key: string, entry: BlockedEntry): void {
  const known = entries.get(key);
  if (known) known.push(entry);
  else entries.set(key, [entry]);
}
