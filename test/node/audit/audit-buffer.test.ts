// What the audit keeps before it is stored: alike calls are one entry, and nothing goes without being counted.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { AuditBuffer } from '../../../src/audit/audit-buffer.ts';
import { lossOf } from '../../../src/audit/audit-entry.ts';
import type { HostCallRecord } from '../../../src/events.ts';

const CALL: HostCallRecord = {
  plugin: 'demo',
  time: 1_000,
  capability: 'kv',
  name: 'kv_get',
  durationMs: 2,
  requestBytes: 3,
  answerBytes: 5,
  outcome: 'ok',
  needs: undefined,
};
const act = (time: number) => ({ kind: 'act', time, act: 'enable', outcome: 'ok' }) as const;

describe('the buffer of the audit', () => {
  it('folds calls that are alike, and sums what they took', () => {
    const buffer = new AuditBuffer();
    buffer.call(CALL);
    buffer.call({ ...CALL, time: 1_500, durationMs: 4 });
    const { entries } = buffer.take();
    assert.deepEqual(entries, [
      {
        kind: 'call',
        time: 1_000,
        until: 1_500,
        plugin: 'demo',
        capability: 'kv',
        name: 'kv_get',
        outcome: 'ok',
        count: 2,
        durationMs: 6,
        longestMs: 4,
        requestBytes: 6,
        answerBytes: 10,
      },
    ]);
  });

  it('counts no further than there are counts, whatever a worker says of its calls', () => {
    const buffer = new AuditBuffer();
    const most = Number.MAX_SAFE_INTEGER;
    for (const plugin of ['demo', 'demo', 'other']) buffer.call({ ...CALL, plugin, leasedCalls: most });
    const { entries } = buffer.take();
    assert.deepEqual(
      entries.map((entry) => entry.kind === 'call' && entry.count),
      [most, most],
    );
    assert.deepEqual(lossOf(entries), { entries: 2, calls: most });
  });

  it('keeps apart what differs in plugin, function, outcome, decision, or whose word it is', () => {
    const buffer = new AuditBuffer();
    const decision = { decidedBy: 'grant', rule: 'allow', entry: 'https://a.example' } as const;
    const calls: HostCallRecord[] = [
      CALL,
      { ...CALL, plugin: 'other' },
      { ...CALL, capability: 'http' },
      { ...CALL, name: 'kv_set' },
      { ...CALL, outcome: 'PERMISSION_DENIED' },
      { ...CALL, decision },
      { ...CALL, decision: { ...decision, entry: 'https://b.example' } },
      { ...CALL, decision: { ...decision, rule: 'disallow' } },
      { ...CALL, decision: { ...decision, decidedBy: 'policy' } },
      { ...CALL, leasedCalls: 7 },
    ];
    for (const call of [...calls, ...calls]) buffer.call(call);
    const { entries } = buffer.take();
    assert.deepEqual(
      entries.map((entry) => (entry.kind === 'call' ? entry.count : 0)),
      [...Array(9).fill(2), 14],
    );
    assert.deepEqual(
      entries.map((entry) => entry.kind === 'call' && entry.byWorker === true),
      [...Array(9).fill(false), true],
    );
  });

  it('begins anew when it was emptied, and keeps the order', () => {
    const buffer = new AuditBuffer();
    buffer.call(CALL);
    buffer.take();
    buffer.add(act(1));
    buffer.call(CALL);
    buffer.add(act(2));
    const kinds = buffer.take().entries.map(({ kind, time }) => `${kind} ${time}`);
    assert.deepEqual(kinds, ['act 1', 'call 1000', 'act 2']);
    assert.deepEqual(buffer.take(), { entries: [], lost: { entries: 0, calls: 0 } });
  });

  it('loses no call and no act without counting it, whatever comes and whatever cannot be stored', () => {
    const step = fc.oneof(
      fc.record({ name: fc.integer({ min: 0, max: 3_000 }), leased: fc.option(fc.integer({ min: 1, max: 9 })) }),
      fc.constant('act' as const),
      fc.constant('failed' as const),
    );
    const runs = fc.array(fc.tuple(step, fc.integer({ min: 1, max: 2_500 })), { maxLength: 20 });
    fc.assert(
      fc.property(runs, (all) => {
        const buffer = new AuditBuffer();
        let calls = 0;
        let acts = 0;
        for (const [one, times] of all) {
          for (let i = 0; i < times; i++) {
            if (one === 'failed') {
              buffer.giveBack(buffer.take());
            } else if (one === 'act') {
              buffer.add(act(i));
              acts++;
            } else {
              const { name, leased } = one;
              buffer.call({ ...CALL, name: `f${name + i}`, ...(leased !== null && { leasedCalls: leased }) });
              calls += leased ?? 1;
            }
            if (one === 'failed') break;
          }
        }
        const { entries, lost } = buffer.take();
        const kept = lossOf(entries);
        assert.equal(kept.calls + lost.calls, calls);
        const keptActs = entries.filter(({ kind }) => kind === 'act').length;
        assert.ok(keptActs <= acts && keptActs + lost.entries >= acts);
        assert.ok(entries.length <= 14_000);
      }),
      { numRuns: 30 },
    );
  });
});
