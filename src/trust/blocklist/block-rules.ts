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
      // By the hash, where it has one: the id alone does not block then.
      if (entry.sha256 !== undefined) add(this.#byHash, entry.sha256, entry);
      else if (entry.id !== undefined) add(this.#byId, entry.id, entry);
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
    const entry = entries.find((one) => fits(one, plugin));
    return entry && blockedError(manifest.id, entry.reason || 'no reason is given');
  }
}

export function blockedError(plugin: string, why: string): ClocheError {
  return new ClocheError('BLOCKED', `Plugin ${shown(plugin)} is blocked by the app: ${why}`, { plugin });
}

function fits({ id, versions }: BlockedEntry, { manifest }: JudgedPlugin): boolean {
  if (id !== undefined && id !== manifest.id) return false;
  return !versions || versions.some((range) => range.has(manifest.version));
}

function add(entries: Map<string, BlockedEntry[]>, key: string, entry: BlockedEntry): void {
  const known = entries.get(key);
  if (known) known.push(entry);
  else entries.set(key, [entry]);
}
