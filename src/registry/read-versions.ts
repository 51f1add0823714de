// Reads and writes the version before and the history of a plugin. Comes late: only updates and people ask.

import { ClocheError, messageOf } from '../errors.ts';
import { Fields } from '../manifest/fields.ts';
import type { PluginManifest } from '../manifest/plugin-manifest.ts';
import { copyData } from '../util/json/untrusted-json.ts';
import { storedFiles } from './named-files.ts';
import { decodeRecord, encodeRecord, type PluginRecord } from './record.ts';
import {
  firstVersion,
  HISTORY_ACTIONS,
  type HistoryEntry,
  type PackageOrigin,
  packageOf,
  type StoredVersions,
} from './versions.ts';

/** A version that was replaced, with all that was set for it. */
export interface PreviousVersion {
  readonly record: PluginRecord;
  /** Of its package; undefined where that was installed before this was kept. */
  readonly sha256: string | undefined;
  /** In ms since 1970. */
  readonly replacedAt: number;
}

/** What the files of the version before may take beside those of the installed one, in bytes. */
const MOST_KEPT_BYTES = 32 << 20;

const ANY_TEXT = { max: 1 << 20, lines: true };
const SHA256 = /^[0-9a-f]{64}$/;
const DATA_CAP = { maxLength: 64 << 20 };

/** Whether the files of one version fit beside those of the other. */
export function canKeep(before: PluginManifest, after: PluginManifest): boolean {
  return bytesBeside(before, after) <= MOST_KEPT_BYTES;
}

/**
 * Of a plugin of which one version takes another's place, which is kept.
 * @param stored what is stored of its versions
 * @param sha256 of the package that takes the place
 */
export function keptVersion(stored: unknown, before: PluginRecord, sha256: string | undefined): StoredVersions {
  const { installation } = before;
  return {
    ...firstVersion(installation, sha256),
    previous: {
      sha256: packageOf(stored, installation),
      replacedAt: Date.now(),
      // A secret that somebody takes back is to be nowhere: going back leaves those that there are.
      record: encodeRecord({ ...before, pending: undefined, secrets: new Map() }).stored,
    },
    files: [...new Set(storedFiles(before.manifest).map((file) => file.sha256))],
  };
}

/**
 * The version before.
 * @param stored what is stored of its versions
 * @throws {ClocheError} STORAGE_FAILED for what cannot be read, or is another plugin's
 */
export function readPrevious(stored: unknown, { id, installation }: PluginOf): PreviousVersion | undefined {
  return asStorageFailure(id, () => {
    const fields = readOwn(stored, installation, ['sha256', 'previous', 'files']);
    if (!fields?.has('previous')) return undefined;
    const previous = new Fields(fields.raw('previous'), fields.path('previous'), ['sha256', 'replacedAt', 'record']);
    const record = decodeRecord(previous.raw('record'));
    if (record.manifest.id !== id || record.installation !== installation) {
      throw previous.wrong('record', 'of this plugin');
    }
    return {
      record,
      sha256: readSha256(previous),
      replacedAt: previous.required('replacedAt', previous.wholeNumber('replacedAt', 0)),
    };
  });
}

/** Oldest first. @throws {ClocheError} STORAGE_FAILED for what cannot be read */
export function readHistory(stored: unknown, { id, installation }: PluginOf): HistoryEntry[] {
  return asStorageFailure(id, () => {
    const fields = readOwn(stored, installation, ['entries']);
    const entries = fields?.required('entries', fields.list('entries', 1_000)) ?? [];
    return entries.map((item, index) => {
      const entry = new Fields(item, ['entries', index], ['time', 'action', 'version', 'sha256', 'from']);
      return {
        time: entry.required('time', entry.wholeNumber('time', 0)),
        action: entry.required('action', entry.choice('action', HISTORY_ACTIONS)),
        version: entry.required('version', entry.text('version', ANY_TEXT)),
        sha256: readSha256(entry),
        ...(entry.has('from') && { from: readOrigin(entry) }),
      };
    });
  });
}

interface PluginOf {
  readonly id: string;
  readonly installation: string;
}

/** Undefined where nothing is stored, or what is there is of a plugin that had the id before. */
function readOwn(stored: unknown, installation: string, keys: readonly string[]): Fields | undefined {
  if (stored === undefined) return undefined;
  const fields = new Fields(copyData(stored, DATA_CAP), [], ['schema', 'installation', ...keys]);
  if (fields.raw('schema') !== 1) throw fields.wrong('schema', '1');
  return fields.raw('installation') === installation ? fields : undefined;
}

function readOrigin(entry: Fields): PackageOrigin {
  const fields = new Fields(entry.raw('from'), entry.path('from'), ['kind', 'name']);
  return {
    kind: fields.required('kind', fields.choice('kind', ['url', 'file', 'folder', 'catalog'])),
    name: fields.required('name', fields.text('name', ANY_TEXT)),
  };
}

function readSha256(fields: Fields): string | undefined {
  const hash = fields.text('sha256', ANY_TEXT);
  if (hash === undefined || SHA256.test(hash)) return hash;
  throw fields.wrong('sha256', '64 lower-case hex digits');
}

function bytesBeside(before: PluginManifest, after: PluginManifest): number {
  const shared = new Set(filesOf(after).map(({ sha256 }) => sha256));
  const own = new Map(filesOf(before).map(({ sha256, size }) => [sha256, size]));
  return [...own].reduce((sum, [hash, size]) => (shared.has(hash) ? sum : sum + size), 0);
}

function filesOf({ modules, assets }: PluginManifest) {
  return [...modules, ...assets];
}

function asStorageFailure<T>(plugin: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const message = `What is kept of plugin "${plugin}" beside its record cannot be read: ${messageOf(cause)}`;
    throw new ClocheError('STORAGE_FAILED', message, { plugin, cause });
  }
}
