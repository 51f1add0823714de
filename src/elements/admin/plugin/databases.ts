// SQL databases of a plugin. The element that shows them comes with the first plugin that has any.

import { loadChunk } from '../../../util/load-chunk.ts';
import type { AdminPlugin } from '../base/admin-host.ts';

/** Whether it has any, which `<cloche-databases>` can show then. None is opened for this. @throws {ClocheError} FETCH_FAILED, CLOSED */
export async function hasDatabases(plugin: AdminPlugin): Promise<boolean> {
  const list = await (await plugin.databases())?.list();
  if (!list?.databases.length) return false;
  await loadChunk(() => import('../../databases/databases.ts'));
  return true;
}
