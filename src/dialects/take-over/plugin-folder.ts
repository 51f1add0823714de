// The plugin folder of a Windshift server: each folder in it that has a manifest is a plugin.

import { ClocheError } from '../../errors.ts';
import { isPluginId } from '../../manifest/plugin-id.ts';
import type { Folder } from '../../package/folder/folder.ts';
import { folderOf } from '../../package/folder/object-folder.ts';
import { entriesOf, fileOf } from '../../package/folder/read-folder.ts';
import { shown } from '../../util/text/shown.ts';
import { goString, goStruct, JsonError, readGoJson } from '../windshift/go/json.ts';

/** A plugin that the server would load. */
export interface ServerPlugin {
  /** What the server knows it by, and what it is installed as. */
  readonly id: string;
  /** In its own words; empty where it says none. */
  readonly version: string;
  /** What `host.install` takes. */
  readonly source: Folder;
}

/** A folder whose manifest cannot be read. */
export interface FaultyFolder {
  readonly folder: string;
  readonly error: ClocheError;
}

export interface ServerFolder {
  readonly plugins: readonly ServerPlugin[];
  readonly faulty: readonly FaultyFolder[];
}

const MANIFEST = 'manifest.json';
const MANIFEST_BYTES = 1 << 20;
const MOST_FOLDERS = 10_000;
const Named = goStruct('plugins.Manifest', { name: goString, version: goString });

/**
 * Nothing but manifests is read. Of two plugins with one name the later folder counts, as on the server. What was chosen may be
 * the folder of a single plugin as well.
 * @param chosen a folder, or the files that an `<input webkitdirectory>` gives
 * @throws {ClocheError} PACKAGE_REJECTED for too many folders, and for a single plugin whose manifest cannot be read; FETCH_FAILED where
 * the folder cannot be read
 */
export async function pluginsInFolder(chosen: Folder | Iterable<File>): Promise<ServerFolder> {
  const root = Symbol.iterator in chosen ? folderOfFiles(chosen) : chosen;
  const single = await pluginIn(root);
  if (single) return { plugins: [single], faulty: [] };
  const plugins = new Map<string, ServerPlugin>();
  const faulty: FaultyFolder[] = [];
  for (const folder of await foldersIn(root)) {
    try {
      const plugin = await pluginIn(folder);
      if (plugin) plugins.set(plugin.id, plugin);
    } catch (error) {
      if (!(error instanceof ClocheError)) throw error;
      faulty.push({ folder: folder.name, error });
    }
  }
  return { plugins: [...plugins.values()], faulty };
}

/** The first name of each path is that of the chosen folder. */
function folderOfFiles(chosen: Iterable<File>): Folder {
  const files = [...chosen];
  const paths = files.map((file) => [file.webkitRelativePath.replace(/^[^/]*\//, ''), async () => file] as const);
  return folderOf(files[0]?.webkitRelativePath.split('/', 1)[0] ?? '', new Map(paths));
}

/** By name, as a server goes through them. */
async function foldersIn(folder: Folder): Promise<Folder[]> {
  const folders: Folder[] = [];
  for await (const entry of entries(folder)) {
    if (!isFolderEntry(entry) || entry.name.startsWith('.')) continue;
    if (folders.push(entry) > MOST_FOLDERS) throw refused(folder, `has more than ${MOST_FOLDERS} folders`);
  }
  return folders.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** @returns undefined where it has no manifest: then it is no plugin's */
async function pluginIn(source: Folder): Promise<ServerPlugin | undefined> {
  for await (const entry of entries(source)) {
    if (entry.name !== MANIFEST || isFolderEntry(entry)) continue;
    const { name, version } = await manifestOf(source, entry as FileSystemFileHandle | FileSystemFileEntry);
    if (!isPluginId(name)) throw refused(source, `has a plugin with the name ${shown(name)}, which can be no id`);
    return { id: name, version, source };
  }
  return undefined;
}

async function manifestOf(folder: Folder, entry: FileSystemFileHandle | FileSystemFileEntry) {
  const file = await read(folder, () => fileOf(entry));
  if (file.size > MANIFEST_BYTES) throw refused(folder, `has a ${MANIFEST} of more than ${MANIFEST_BYTES} bytes`);
  const bytes = new Uint8Array(await read(folder, () => file.arrayBuffer()));
  try {
    return await readGoJson(Named, bytes);
  } catch (cause) {
    if (!(cause instanceof JsonError)) throw cause;
    throw refused(folder, `has a ${MANIFEST} that cannot be read: ${cause.message}`, cause);
  }
}

async function* entries(folder: Folder): AsyncGenerator<FileSystemHandle | FileSystemEntry> {
  const all = entriesOf(folder);
  for (;;) {
    const next = await read(folder, () => all.next());
    if (next.done) return;
    yield next.value;
  }
}

function isFolderEntry(entry: FileSystemHandle | FileSystemEntry): entry is Folder {
  return 'isDirectory' in entry ? entry.isDirectory : entry.kind === 'directory';
}

async function read<T>({ name }: Folder, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const message = `Folder ${shown(name)} cannot be read; it may have changed since it was chosen`;
    throw new ClocheError('FETCH_FAILED', message, { cause });
  }
}

function refused({ name }: Folder, problem: string, cause?: unknown): ClocheError {
  return new ClocheError('PACKAGE_REJECTED', `Folder ${shown(name)} ${problem}`, { cause });
}
