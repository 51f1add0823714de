import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Capability } from '../../../src/capabilities/capability.ts';
import { exportData } from '../../../src/host/storage/data-transfer.ts';

it('says where what a plugin keeps is exported without its databases, and not where it has none', async () => {
  const warned = async (elsewhere: () => Promise<number>): Promise<number> => {
    let count = 0;
    const plugin = {
      manifest: { id: 'p', name: 'P', version: '1' },
      settings: { temporary: false },
      installation: '@p',
      warn: () => count++,
    } as unknown as Parameters<typeof exportData>[0];
    const capabilities = [
      { name: 'kv', services: { kvData: { read: async () => new Map() } } },
      { name: 'database', services: { databasesElsewhere: elsewhere } },
    ] as unknown as Capability[];
    await exportData(plugin, { capabilities });
    return count;
  };
  assert.equal(await warned(async () => 0), 0);
  assert.equal(await warned(async () => 8_000_000), 1);
  // Nobody knows.
  assert.equal(await warned(async () => Promise.reject(new Error('offline'))), 1);
});
