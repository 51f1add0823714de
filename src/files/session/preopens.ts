// The folders that a guest finds open.

import type { Access } from '../access.ts';
import { Refused } from '../errno.ts';
import { splitPath } from '../names.ts';
import type { Volume } from '../volume/volume.ts';
import { walk } from '../walk.ts';
import type { Preopen } from './session.ts';

/**
 * Those of the folders that are there and of whose content the plugin may have something, in their order.
 * @param folders as a guest's contract has them, or as a worker says that it has
 */
export function preopensOf(
  folders: readonly (readonly [path: string, name: string])[],
  volumes: readonly Volume[],
  access: Access,
): Preopen[] {
  return folders.flatMap(([path, name]) => {
    const volume = volumes.find(({ root }) => path.startsWith(root));
    if (!volume) return [];
    try {
      const below = path.slice(volume.root.length);
      const { node, path: at } = walk({ volume, folder: volume.top, access }, splitPath(below || '.'), false);
      const isIts = access.may('read', at) || access.may('write', at) || access.leads(at);
      return node?.kind === 'folder' && isIts ? [{ name, volume, folder: node }] : [];
    } catch (thrown) {
      if (thrown instanceof Refused) return [];
      throw thrown;
    }
  });
}
