import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  type AuditRow,
  additionOf,
  filterRows,
  jsonLines,
  rowOf,
  textsOf,
} from '../../../../src/elements/admin/audit/audit-rows.ts';
import { rowWindow } from '../../../../src/elements/admin/audit/row-window.ts';
import type { HostCallRecord, LogLevel } from '../../../../src/index.ts';
import { amended } from '../../../../src/permissions/amended.ts';

const log = (text: string, level: LogLevel = 'info', plugin = 'p'): AuditRow =>
  rowOf({ kind: 'log', log: { plugin, time: 1, level, source: 'plugin', text } });
const called = (outcome: HostCallRecord['outcome']): AuditRow =>
  rowOf({
    kind: 'call',
    call: {
      plugin: 'p',
      time: 1,
      capability: 'http',
      name: 'http_request',
      durationMs: 1,
      requestBytes: 1,
      answerBytes: 1,
      outcome,
      needs: undefined,
    },
    sent: ['https://API.example'],
    answered: [],
  });

describe('rows of the audit', () => {
  it('are warnings where something was denied, and errors where it failed', () => {
    const levels = [called('ok'), called('PERMISSION_DENIED'), called('HTTP_FAILED')].map(({ level }) => level);
    assert.deepEqual(levels, ['info', 'warn', 'error']);
  });

  it('are filtered by plugin, from a level on, and by text in any case', () => {
    const rows = [log('One'), log('two', 'error'), log('one', 'warn', 'q'), called('ok')];
    const shown = (filter: object): number[] =>
      filterRows(rows, { plugin: '', level: 'trace', text: '', ...filter }).map((row) => rows.indexOf(row));
    assert.deepEqual(shown({}), [0, 1, 2, 3]);
    assert.deepEqual(shown({ plugin: 'q' }), [2]);
    assert.deepEqual(shown({ level: 'warn' }), [1, 2]);
    assert.deepEqual(shown({ text: 'oNE' }), [0, 2]);
    assert.deepEqual(shown({ text: 'api.example' }), [3]);
  });

  it('show a loss whichever plugin is chosen: it may have been of any', () => {
    const entry = { kind: 'dropped', order: 1, time: 0, reason: 'bound', entries: 2, calls: 2 } as const;
    const row = rowOf({ kind: 'stored', entry });
    assert.deepEqual(filterRows([row], { plugin: 'p', level: 'trace', text: '' }), [row]);
  });

  it('hold what was carried as text where it is text, else as digits, and cut', () => {
    const bytes = (text: string) => new TextEncoder().encode(text);
    const { sent } = textsOf({
      sent: [bytes('ü'.repeat(5_000)), new Uint8Array([255, 0, 254, 1, 253]), 7n],
      answered: [],
    });
    assert.ok((sent[0] ?? '').endsWith('…') && (sent[0] ?? '').length < 2_100);
    assert.deepEqual(sent.slice(1), ['ff 00 fe 01 fd', '7']);
  });

  it('H12: are exported as one line each, in which nothing is hidden', () => {
    const lines = jsonLines([log('new\n{"forged": true}'), log('a\u202eb\u0085')]);
    assert.equal(lines.length, 2);
    assert.ok(lines[0]?.includes('a\\u202eb\\u0085'));
    assert.equal(JSON.parse(lines[0] ?? '').log.text, 'a\u202eb\u0085');
    assert.equal(lines[1]?.trimEnd().split('\n').length, 1);
  });
});

describe('what a denied call needs', () => {
  it('is only added, also where lists lie within lists', () => {
    assert.deepEqual(
      additionOf({ http: { allow: ['a'] }, files: { read: { allow: ['x'] } }, kv: { bytes: 3 }, mail: true }),
      {
        '+http': { '+allow': ['a'] },
        '+files': { '+read': { '+allow': ['x'] } },
        '+kv': { bytes: 3 },
        mail: true,
      },
    );
  });

  it('leaves what was granted before', () => {
    const changes = additionOf({ http: { allow: ['b.example'] } });
    const grant = amended({ http: { allow: ['a.example'], methods: ['GET'] } }, changes, new Map());
    assert.deepEqual(JSON.parse(JSON.stringify(grant)), {
      http: { allow: ['a.example', 'b.example'], methods: ['GET'] },
    });
  });
});

describe('a window on a long list', () => {
  const list = { count: 1_000, rowHeight: 30, scrollTop: 0, height: 300, open: -1, openHeight: 0 };

  it('draws what is seen and a few around it, and leaves the room of all', () => {
    for (const scrollTop of [0, 3_000, 29_700]) {
      const { start, end, before, after } = rowWindow({ ...list, scrollTop });
      assert.ok(start * 30 <= scrollTop && end * 30 >= Math.min(scrollTop + 300, 30_000));
      assert.ok(end - start <= 30);
      assert.equal(before + after + (end - start) * 30, 30_000);
    }
  });

  it('knows that an open row is taller, above, within and below what is seen', () => {
    const opened = { ...list, open: 50, openHeight: 200 };
    for (const scrollTop of [0, 1_500, 1_600, 1_700, 10_000]) {
      const { start, end, before, after } = rowWindow({ ...opened, scrollTop });
      const isDrawn = start <= 50 && 50 < end;
      assert.equal(before + after + (end - start) * 30 + (isDrawn ? 200 : 0), 30_200, String(scrollTop));
      assert.ok(before <= scrollTop);
    }
  });

  it('is empty where there is nothing, and whole where there is little', () => {
    assert.deepEqual(rowWindow({ ...list, count: 0 }), { start: 0, end: 0, before: 0, after: 0 });
    assert.deepEqual(rowWindow({ ...list, count: 3, scrollTop: 900 }).after, 0);
  });
});
