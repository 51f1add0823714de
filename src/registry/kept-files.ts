// Which files stay when a record is written or removed: those of all other plugins, and of this one as it will be.

import type { Records } from './late-records.ts';
import { storedFiles } from './named-files.ts';
import type { PluginRecord } from './record.ts';
import type { RecordReader } from './record-reader.ts';
import type { RecordWrites, Stored } from './store.ts';
import { filesOf } from './versions.ts';

/**
 * Unknown while a record cannot be read: then none goes.
 * @param own as it will be; of one that is removed its id
 */
export function keptFiles(
  reader: RecordReader,
  code: Records,
  { records, versions }: Stored,
  own: PluginRecord | string,
  ownVersions?: unknown,
): Pick<RecordWrites, 'keep'> {
  const id = typeof own === 'string' ? own : own.manifest.id;
  const others = [...records].filter(([other]) => other !== id);
  const readable = reader.all(code, new Map(others));
  if (readable.length < others.length) return {};
  const kept = typeof own === 'string' ? readable : [...readable, own];
  const manifests = kept.flatMap(({ manifest, pending }) => (pending ? [manifest, pending.manifest] : [manifest]));
  const files = manifests.flatMap((manifest) => storedFiles(manifest).map((file) => file.sha256));
  const before = others.flatMap(([other]) => filesOf(versions.get(other)));
  return { keep: new Set([...files, ...before, ...filesOf(ownVersions)]) };
}
