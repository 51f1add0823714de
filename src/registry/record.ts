// One installed plugin as it is stored. Storage is read like any other input: checked, never cast (X6).

import { ClocheError, messageOf } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { Fields } from '../manifest/fields.ts';
import { MISSING_IMPORTS, type MissingImports } from '../manifest/missing-imports.ts';
import type { PluginManifest } from '../manifest/plugin-manifest.ts';
import type { PluginIsolation } from '../runtime/environment.ts';
import { type PackageSignature, readSignature } from '../trust/package-signature.ts';
import { copyData, invalid, isJsonObject, type JsonObject } from '../util/json/untrusted-json.ts';
import { isInstallationOf } from './installation-id.ts';
import { pairsOf, plainManifest, readLimits, readStoredManifest } from './stored-manifest.ts';

export interface PluginRecord {
  readonly schema: 1;
  readonly manifest: PluginManifest;
  /** What was granted, as plain data; `permissions/` gives it meaning and checks it again. */
  readonly grant: unknown;
  /** Optional requests that were accepted for good, and under which scope; a record without it has none. */
  readonly accepted: readonly { readonly capability: string; readonly scope: unknown }[];
  /** What the user set; each key replaces the manifest's. */
  readonly config: ReadonlyMap<string, string>;
  /** Secrets of its config by name, encrypted; a record without them has none. */
  readonly secrets: ReadonlyMap<string, string>;
  /** What the user set; the host takes the lower of this, the manifest's and its own. */
  readonly limits: Partial<Limits>;
  /** Where it lives; a record without it is of one that lives where its host says. */
  readonly isolation: PluginIsolation;
  /** A record without it is of one that was refused, had anything been missing. */
  readonly missing: MissingImports;
  readonly enabled: boolean;
  /** Killed too often: waits for `enable()`. */
  readonly quarantined: boolean;
  /** Milliseconds since 1970. */
  readonly installedAt: number;
  /** Whom its stored data belongs to. */
  readonly installation: string;
  /** What its package was signed with; a record without it is of one that was not. */
  readonly signature: PackageSignature;
  /** SHA-256 of its package; a record without it is of a host that pins and blocks nothing. */
  readonly sha256: string | undefined;
  /** A newer version that asks for more, and waits for somebody's yes. */
  readonly pending: StagedUpdate | undefined;
}

export interface StagedUpdate {
  readonly manifest: PluginManifest;
  /** Of its package: 64 lower-case hex digits. */
  readonly sha256: string;
  /** What its package is signed with. */
  readonly signature: PackageSignature;
  /** Functions that its modules import, as module and name: some plugins ask by that. */
  readonly imports: readonly (readonly [module: string, name: string])[];
  /** The capabilities of which it asks for more. */
  readonly more: readonly string[];
  /** What the update is to set besides; `grant` as of a record, where somebody gave one that follows the manifest. */
  readonly grant: unknown;
  readonly config: ReadonlyMap<string, string> | undefined;
  /** Secrets that it enters, encrypted; empty text takes one away. */
  readonly secrets: ReadonlyMap<string, string> | undefined;
  readonly limits: Partial<Limits> | undefined;
  readonly isolation: PluginIsolation | undefined;
  readonly missing: MissingImports | undefined;
}

const RECORD_KEYS = [
  'schema',
  'manifest',
  'grant',
  'accepted',
  'config',
  'secrets',
  'limits',
  'isolation',
  'missing',
  'enabled',
  'quarantined',
  'installedAt',
  'installation',
  'signature',
  'sha256',
  'pending',
];
const ISOLATIONS: readonly PluginIsolation[] = ['auto', 'origin', 'process', 'own-process'];
const DATA_CAP = { maxLength: 64 << 20 };
const ANY_TEXT = { max: 1 << 20, lines: true };
const MANY = 10_000;

/**
 * Plain data for storage: maps become lists of pairs, so that no key means anything to anybody.
 * @returns what is stored, and the record as it will be read
 * @throws {ClocheError} STORAGE_FAILED when the record could not be read back
 */
export function encodeRecord(record: PluginRecord): { stored: JsonObject; record: PluginRecord } {
  const { manifest, installation, isolation, missing, accepted, secrets, pending } = record;
  const stored = asStorageFailure('cannot be stored', () =>
    copyRecordData({
      ...record,
      config: [...record.config],
      // One from before installations had ids is stored as it was then: a tab with the code of then can read it.
      installation: installation === manifest.id ? undefined : installation,
      // The same of one that asked for nothing.
      isolation: isolation === 'auto' ? undefined : isolation,
      missing: missing === 'refuse' ? undefined : missing,
      // And of one that was asked for nothing.
      accepted: accepted.length === 0 ? undefined : [...accepted],
      secrets: secrets.size === 0 ? undefined : [...secrets],
      manifest: plainManifest(manifest),
      pending: pending && {
        ...pending,
        manifest: plainManifest(pending.manifest),
        config: pending.config && [...pending.config],
        secrets: pending.secrets && [...pending.secrets],
      },
    }),
  );
  // It is a copy already.
  return { stored, record: asStorageFailure('cannot be read', () => readRecord(stored)) };
}

/** @throws {ClocheError} STORAGE_FAILED with the path of the field that cannot be read */
export function decodeRecord(stored: unknown): PluginRecord {
  return asStorageFailure('cannot be read', () => readRecord(copyRecordData(stored)));
}

function asStorageFailure<T>(problem: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const message = `The record of a plugin ${problem}: ${messageOf(cause)}`;
    throw new ClocheError('STORAGE_FAILED', message, { cause });
  }
}

function copyRecordData(value: unknown): JsonObject {
  const data = copyData(value, DATA_CAP);
  if (!isJsonObject(data)) throw invalid([], 'is not an object');
  return data;
}

function readRecord(data: JsonObject): PluginRecord {
  const record = new Fields(data, [], RECORD_KEYS);
  if (record.raw('schema') !== 1) throw record.wrong('schema', '1');
  const manifest = readStoredManifest(record);
  return {
    schema: 1,
    manifest,
    grant: record.raw('grant'),
    accepted: record.has('accepted') ? readAccepted(record) : [],
    config: new Map(pairsOf(record, 'config')),
    secrets: readMap(record, 'secrets') ?? new Map(),
    limits: readLimits(record),
    isolation: record.choice('isolation', ISOLATIONS) ?? 'auto',
    missing: record.choice('missing', MISSING_IMPORTS) ?? 'refuse',
    enabled: record.required('enabled', record.boolean('enabled')),
    quarantined: record.required('quarantined', record.boolean('quarantined')),
    installedAt: record.required('installedAt', record.wholeNumber('installedAt', 0)),
    installation: readInstallation(record, manifest.id),
    signature: readSignature(record),
    sha256: record.text('sha256', ANY_TEXT),
    pending: record.has('pending') ? readPending(record, manifest.id) : undefined,
  };
}

function readAccepted(record: Fields): PluginRecord['accepted'] {
  return record.required('accepted', record.list('accepted', MANY)).map((item, index) => {
    const fields = new Fields(item, [...record.path('accepted'), index], ['capability', 'scope']);
    return {
      capability: fields.required('capability', fields.text('capability', ANY_TEXT)),
      scope: fields.raw('scope'),
    };
  });
}

function readPending(record: Fields, id: string): StagedUpdate {
  const known = [
    'manifest',
    'sha256',
    'signature',
    'imports',
    'more',
    'grant',
    'config',
    'secrets',
    'limits',
    'isolation',
    'missing',
  ];
  const fields = new Fields(record.raw('pending'), record.path('pending'), known);
  const manifest = readStoredManifest(fields);
  if (manifest.id !== id) throw fields.wrong('manifest', 'of this plugin');
  return {
    manifest,
    sha256: fields.required('sha256', fields.text('sha256', ANY_TEXT)),
    signature: readSignature(fields),
    imports: pairsOf(fields, 'imports'),
    more: fields.required('more', fields.texts('more', MANY, ANY_TEXT)),
    grant: fields.raw('grant'),
    config: readMap(fields, 'config'),
    secrets: readMap(fields, 'secrets'),
    limits: fields.has('limits') ? readLimits(fields) : undefined,
    isolation: fields.choice('isolation', ISOLATIONS),
    missing: fields.choice('missing', MISSING_IMPORTS),
  };
}

function readMap(fields: Fields, key: string): ReadonlyMap<string, string> | undefined {
  return fields.has(key) ? new Map(pairsOf(fields, key)) : undefined;
}

/** A record from before installations had ids has none: its data stands under the plugin's id. */
function readInstallation(record: Fields, id: string): string {
  const installation = record.raw('installation') ?? id;
  if (isInstallationOf(id, installation)) return installation;
  throw record.wrong('installation', 'an installation of this plugin');
}
