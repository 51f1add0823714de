// A folder that a plugin is being written in: a catalog of that one plugin, which is watched.

import { isPluginId } from '../manifest/plugin-id.ts';
import { entriesIn } from '../package/folder/read-folder.ts';
import { checkType, type KeysOf } from '../util/given-options.ts';
import type { ListedPlugin, PluginCatalog } from './catalog.ts';
import { givenCatalog } from './catalog-options.ts';
import { poll } from './poll.ts';
import { checkedList, missing } from './read-listed.ts';

export interface FolderCatalogOptions {
  /** @default the name of the folder */
  readonly id?: string;
  /** How often it is looked at where somebody watches, in ms. @default 1000 */
  readonly everyMs?: number;
}

const KEYS: KeysOf<FolderCatalogOptions> = { id: true, everyMs: true };
const EVERY_MS = 1_000;

/** @param folder as `showDirectoryPicker()` gives it @throws {ClocheError} OPTION_INVALID */
export function folderCatalog(folder: FileSystemDirectoryHandle, given?: FolderCatalogOptions): PluginCatalog {
  const { id = folder.name, everyMs = EVERY_MS } = givenCatalog<FolderCatalogOptions>('folderCatalog', given, KEYS);
  checkType('id', id, 'string');
  const name = `folder ${folder.name}`;
  const list = async (): Promise<readonly ListedPlugin[]> => {
    const files: string[] = [];
    for await (const [path, open] of entriesIn(folder)) {
      const { size, lastModified } = await open();
      files.push(`${path} ${size} ${lastModified}`);
    }
    return checkedList(name, [{ id, revision: files.sort().join('\n') }]);
  };
  return {
    name,
    list,
    async read(asked) {
      if (asked !== id || !isPluginId(id)) throw missing(name, asked);
      return folder;
    },
    watch: (changed) => poll(list, everyMs, changed),
  };
}
