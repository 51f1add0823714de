// What is stored of a plugin beside its record: the version before, and what became of it. Not in the record, which is read
// whenever any plugin changes, and which an earlier version of Cloche refuses for a key that it does not know.

import type { JsonObject } from '../util/json/untrusted-json.ts';
import { keysOf } from './orphans/orphan-of.ts';

/** `staged`: an update waits for a yes. `granted`: somebody has decided on what it may do. `configured`: on its config or limits. */
export type HistoryAction = (typeof HISTORY_ACTIONS)[number];

export const HISTORY_ACTIONS = [
  'installed',
  'updated',
  'staged',
  'accepted',
  'dismissed',
  'rolled-back',
  'granted',
  'configured',
  'enabled',
  'disabled',
  'quarantined',
  'data-imported',
] as const;

/** Where a package came from: an address without its query, or the name of a file, a folder or a catalog. */
export interface PackageOrigin {
  readonly kind: 'url' | 'file' | 'folder' | 'catalog';
  /** Not the plugin's, and nobody vouches for it: show it as text. */
  readonly name: string;
}

/** Something that became of a plugin. */
export interface HistoryEntry {
  /** Milliseconds since 1970, by the clock of then: entries stand in their order, whatever that clock said. */
  readonly time: number;
  readonly action: HistoryAction;
  /** The plugin's own words: show it as text. */
  readonly version: string;
  /** Of the package; undefined where that was installed before a history was kept. */
  readonly sha256: string | undefined;
  /** Of a package that came then; undefined where the app made it, or nobody kept that. */
  readonly from?: PackageOrigin | undefined;
}

/** What a change adds to the history. @default version and package are those that are installed then */
export interface NotedAction extends Partial<Pick<HistoryEntry, 'version' | 'sha256' | 'from'>> {
  readonly action: HistoryAction;
}

/** As it is written; whoever reads it checks it. */
export interface StoredVersions {
  readonly schema: 1;
  /** Another plugin may have the id since. */
  readonly installation: string;
  /** Of the package that is installed. */
  readonly sha256: string | undefined;
  /** The version before; undefined where there is none that could be gone back to. */
  readonly previous: StoredVersion | undefined;
  /** Hashes of its files. */
  readonly files: readonly string[];
}

export interface StoredVersion {
  /** Of its package. */
  readonly sha256: string | undefined;
  /** When another took its place, in ms since 1970. */
  readonly replacedAt: number;
  /** As it was stored. */
  readonly record: JsonObject;
}

const MOST_ENTRIES = 100;
/** What puts a package in the place of another. */
const REPLACING: ReadonlySet<unknown> = new Set<HistoryAction>(['installed', 'updated', 'accepted', 'rolled-back']);
const STAGING: ReadonlySet<unknown> = new Set<HistoryAction>(['staged']);

/** Of a plugin that is new, or whose version before is not to be kept. */
export function firstVersion(installation: string, sha256: string | undefined): StoredVersions {
  return { schema: 1, installation, sha256, previous: undefined, files: [] };
}

/** Adds to what is stored of a history. What is before it stands as it is: whoever reads it checks it. */
export function withEntry(stored: unknown, installation: string, entry: HistoryEntry): object {
  const before = keysOf(stored);
  const entries = before.installation === installation && Array.isArray(before.entries) ? before.entries : [];
  return { schema: 1, installation, entries: newest([...entries, entry]) };
}

/** The oldest go, but for what says where the packages came from that are installed, were before, or wait for a yes. */
function newest(entries: readonly unknown[]): unknown[] {
  const known = entries.map(keysOf);
  const packages: unknown[] = [];
  for (const actions of [REPLACING, REPLACING, STAGING]) {
    const one = known.findLast(({ action, sha256 }) => actions.has(action) && !packages.includes(sha256));
    if (one) packages.push(one.sha256);
  }
  const kept = new Set<unknown>([
    known.findLast(({ action }) => REPLACING.has(action)),
    ...packages.map((sha256) => known.findLast((entry) => entry.from !== undefined && entry.sha256 === sha256)),
  ]);
  let excess = entries.length - MOST_ENTRIES;
  return entries.filter((_, i) => {
    if (excess <= 0 || kept.has(known[i])) return true;
    excess--;
    return false;
  });
}

/** Hash of the package that is installed. */
export function packageOf(stored: unknown, owner: string): string | undefined {
  const { installation, sha256 } = keysOf(stored);
  return installation === owner && typeof sha256 === 'string' ? sha256 : undefined;
}

/** Hashes of the files of the version before. */
export function filesOf(stored: unknown): string[] {
  const { files } = keysOf(stored);
  return Array.isArray(files) ? files.filter((file) => typeof file === 'string') : [];
}
