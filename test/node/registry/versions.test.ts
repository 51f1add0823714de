// What is kept of a history that grows without end.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type HistoryAction, type HistoryEntry, withEntry } from '../../../src/registry/versions.ts';

const CATALOG = { kind: 'catalog', name: 'team' } as const;

function historyOf(...all: readonly (readonly [HistoryAction, sha256?: string, from?: HistoryEntry['from']])[]) {
  return all.reduce<{ entries?: HistoryEntry[] }>(
    (stored, [action, sha256, from], time) =>
      withEntry(stored, 'one', { time, action, version: '1', sha256, ...(from && { from }) }),
    {},
  ).entries as HistoryEntry[];
}

const many = (action: HistoryAction, sha256: string) => Array.from({ length: 250 }, () => [action, sha256] as const);
const shown = (entries: readonly HistoryEntry[]) => entries.map(({ action, from }) => `${action} ${from?.name}`);

describe('the history of a plugin', () => {
  it('has a hundred entries, and always the one that says where its package came from', () => {
    const entries = historyOf(['installed', 'a', CATALOG], ...many('configured', 'a'));
    assert.equal(entries.length, 100);
    assert.deepEqual(shown(entries.slice(0, 2)), ['installed team', 'configured undefined']);
    assert.equal(entries.at(-1)?.time, 250);
  });

  it('keeps that also of the package before, which may come back, and of one that waits', () => {
    const entries = historyOf(
      ['installed', 'gone', CATALOG],
      ['updated', 'a', CATALOG],
      ['updated', 'b', { kind: 'file', name: 'b.zip' }],
      ['staged', 'c', { kind: 'url', name: 'https://c.example' }],
      ...many('granted', 'b'),
      ['rolled-back', 'a'],
      ...many('configured', 'a'),
    );
    assert.equal(entries.length, 100);
    assert.deepEqual(shown(entries.filter(({ action }) => action !== 'configured')), [
      'updated team',
      'updated b.zip',
      'staged https://c.example',
      'rolled-back undefined',
    ]);
  });
});
