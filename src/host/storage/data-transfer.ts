// Takes what a plugin keeps out as a file, and puts such a file in its place. Comes late: only a person asks.

import type { Capability } from '../../capabilities/capability.ts';
import { type DataOwner, MOST_HEADER_BYTES, readDataFile, writeDataFile } from '../../capabilities/kv/data-file.ts';
import type { DatabasesData, DatabasesOwner, FilesData, KvData } from '../../capabilities/services.ts';
import { ClocheError, messageOf } from '../../errors.ts';
import type { Limits } from '../../limits.ts';
import type { ImportDataOptions } from '../../options.ts';
import { closed } from '../../runtime/runner-errors.ts';
import { givenOptions } from '../../util/given-options.ts';
import { shown } from '../../util/text/shown.ts';

/** What the file of a plugin is made of, and held to. */
interface Keeper {
  readonly id: string;
  readonly installation: string;
  readonly state: string;
  readonly manifest: DataOwner;
  readonly settings: { readonly temporary: boolean };
  readonly limits: Readonly<Limits>;
  readonly grants: ReadonlyMap<string, unknown>;
  warn(text: string): void;
}

interface Site {
  readonly capabilities: readonly Capability[];
  readonly policy: ReadonlyMap<string, unknown>;
  /** Adds to the plugin's history. */
  note(action: 'data-imported'): Promise<void>;
}

/** What is on a server stays there, and the plugin's log says so. @throws {ClocheError} OPTION_INVALID where the host offers no `kv`; STORAGE_FAILED */
export async function exportData(plugin: Keeper, { capabilities }: Pick<Site, 'capabilities'>): Promise<Blob> {
  const { id, name, version } = plugin.manifest;
  const owner = ownerOf(plugin);
  const kv = await keptBy(capabilities).data.read(owner);
  const files = await (await filesOf(capabilities))?.readAll(owner);
  const databases = await databasesOf(capabilities)?.readAll(owner);
  await warnOfMissing(plugin, capabilities);
  const bytes = await writeDataFile({ plugin: { id, name, version }, exportedAt: Date.now(), kv, files, databases });
  return new Blob([bytes], { type: 'application/octet-stream' });
}

/** Whoever has the file must not take it for all there is. */
async function warnOfMissing(plugin: Keeper, capabilities: readonly Capability[]): Promise<void> {
  for (const { services } of capabilities) {
    const bytes = await services?.databasesElsewhere?.(plugin.installation).catch(() => undefined);
    if (services?.databasesElsewhere && bytes !== 0)
      plugin.warn('What it keeps is exported without its SQL databases: they are on a server, and stay there');
  }
}

/**
 * All of it, or nothing.
 * @param replaced called once it is stored, before any host call that waited for it sees that
 * @throws {ClocheError} CLOSED, OPTION_INVALID, DATA_INVALID, QUOTA_EXCEEDED, STORAGE_FAILED: then what was there still is
 */
export async function importData(
  plugin: Keeper,
  site: Site,
  file: unknown,
  given: unknown,
  replaced: () => void,
): Promise<void> {
  const { from = plugin.id } = givenOptions<ImportDataOptions>('`importData`', given, { from: true });
  const { name, data } = keptBy(site.capabilities);
  const rules = { grant: plugin.grants.get(name), policy: site.policy.get(name), limits: plugin.limits };
  const filesData = await filesOf(site.capabilities);
  const databasesData = databasesOf(site.capabilities);
  const mostFiles = filesData ? plugin.limits.storageBytes : 0;
  const most = data.quota(rules) + mostFiles + (databasesData?.quotaBytes ?? 0);
  const { plugin: whose, kv, files, databases } = await readDataFile(await bytesOf(file, most));
  if (whose.id !== from) {
    const [id, other] = [shown(from), shown(whose.id)];
    const message = `The file holds data of plugin ${other}, not of ${id}; pass \`from: ${other}\` if that is what is meant`;
    throw new ClocheError('DATA_INVALID', message, { plugin: plugin.id });
  }
  // Reading takes a while: data of a plugin that is gone by now would be nobody's, and nobody would find it.
  if (plugin.state === 'closed') throw closed(plugin.id);
  const owner = ownerOf(plugin);
  const putFiles = async (): Promise<void> => {
    if (!files) {
      await data.replace(owner, kv, rules, replaced);
      return;
    }
    if (!filesData) throw new ClocheError('OPTION_INVALID', 'The file holds files, and this host offers no `files`');
    let before: ReadonlyMap<string, Uint8Array> | undefined;
    const putValues = async (): Promise<void> => {
      before = await data.replace(owner, kv, rules, replaced);
    };
    try {
      await filesData.replaceAll(owner, files, plugin.limits, putValues);
    } catch (thrown) {
      // They were there, whatever the quota is by now.
      const noQuota = { grant: undefined, policy: undefined, limits: { ...plugin.limits, storageBytes: Infinity } };
      if (before) await data.replace(owner, before, noQuota, () => undefined);
      throw thrown;
    }
  };
  if (databases && databasesData) {
    await databasesData.replaceAll(owner, databases, putFiles);
  } else if (databases && databases.size > 0) {
    throw new ClocheError('OPTION_INVALID', 'The file holds SQL databases, and this host keeps none in the page');
  } else {
    await putFiles();
  }
  // It is stored, whether that can be noted or not.
  await site.note('data-imported').catch((thrown: unknown) => plugin.warn(messageOf(thrown)));
}

async function filesOf(capabilities: readonly Capability[]): Promise<FilesData | undefined> {
  for (const { services } of capabilities) if (services?.filesData) return services.filesData();
  return undefined;
}

function databasesOf(capabilities: readonly Capability[]): DatabasesData | undefined {
  return capabilities.find(({ services }) => services?.databasesData)?.services?.databasesData;
}

function keptBy(capabilities: readonly Capability[]): { name: string; data: KvData } {
  for (const { name, services } of capabilities) if (services?.kvData) return { name, data: services.kvData };
  throw new ClocheError('OPTION_INVALID', 'This host offers no `kv`, so nobody can say what the plugin keeps');
}

function ownerOf({ installation, manifest: { id, version }, settings: { temporary } }: Keeper): DatabasesOwner {
  return { installation, temporary, plugin: { id, version } };
}

async function bytesOf(file: unknown, quota: number): Promise<Uint8Array<ArrayBuffer>> {
  const isBlob = file instanceof Blob;
  if (!isBlob && !(file instanceof ArrayBuffer) && !ArrayBuffer.isView(file)) {
    throw new ClocheError('OPTION_INVALID', 'Expected the file to be a File, Blob, ArrayBuffer or Uint8Array');
  }
  const size = isBlob ? file.size : file.byteLength;
  if (size > quota + MOST_HEADER_BYTES) {
    throw new ClocheError('QUOTA_EXCEEDED', `The file has ${size} bytes, and the plugin may keep ${quota}`);
  }
  if (isBlob) return blobBytes(file);
  const view = ArrayBuffer.isView(file) ? new Uint8Array(file.buffer, file.byteOffset, size) : new Uint8Array(file);
  // Whoever gave it may change it.
  return new Uint8Array(view);
}

async function blobBytes(file: Blob): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (cause) {
    throw new ClocheError('DATA_INVALID', 'The file could not be read; it may have been moved or deleted', { cause });
  }
}
