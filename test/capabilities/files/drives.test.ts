// The one contract of what files are stored in: the origin private file system, a database, memory.

import { assert } from 'chai';
import { databaseDrive } from '../../../src/capabilities/files/database-drive.ts';
import type { Drive } from '../../../src/capabilities/files/drive.ts';
import { hasOpfs, openOpfs } from '../../../src/capabilities/files/opfs-drive.ts';
import { memoryDatabase } from '../../../src/database/memory-db.ts';
import { openDatabase } from '../../../src/database/open-database.ts';
import { uniqueStorage } from '../../helpers/hosts.ts';

/** Opens one of its own; called twice, the same again. */
function kinds(): Readonly<Record<string, () => Promise<Drive | undefined>>> {
  const storage = uniqueStorage();
  const memory = memoryDatabase();
  return {
    'origin private file system': async () => (hasOpfs() ? openOpfs(storage, '@a') : undefined),
    database: async () => databaseDrive(openDatabase(storage, `${storage}:files:@a`, 'files')),
    memory: async () => databaseDrive(memory),
  };
}

const bytes = (...of: number[]): Uint8Array<ArrayBuffer> => new Uint8Array(of);

for (const [name, open] of Object.entries(kinds())) {
  describe(`files in the ${name}`, () => {
    it('are what was written, by their names, until they are deleted', async () => {
      const drive = await open();
      // Of the engines here only one writes to it from workers alone.
      if (!drive) return assert.isFalse(hasOpfs());
      assert.deepEqual([...(await drive.names())], []);
      assert.isUndefined(await drive.read('none'));
      await drive.write(
        new Map([
          ['1-0-2', bytes(1, 2, 3)],
          ['1-0-3', bytes()],
        ]),
        ['list-1', bytes(9)],
        [],
      );
      assert.deepEqual([...(await drive.names())].sort(), ['1-0-2', '1-0-3', 'list-1']);
      assert.deepEqual(await drive.read('1-0-2'), bytes(1, 2, 3));
      assert.deepEqual(await drive.read('1-0-3'), bytes());
      await drive.write(new Map([['2-0-2', bytes(4)]]), ['list-2', bytes(8)], ['1-0-2', 'list-1']);
      const again = (await open()) as Drive;
      assert.deepEqual([...(await again.names())].sort(), ['1-0-3', '2-0-2', 'list-2']);
      await again.wipe();
      assert.deepEqual([...(await again.names())], []);
      await again.wipe();
    });
  });
}
