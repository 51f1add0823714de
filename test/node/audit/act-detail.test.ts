// What the audit keeps of the options of an act.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { detailOf } from '../../../src/audit/act-detail.ts';
import { redacted } from '../../../src/audit/redacted.ts';

describe('the detail of an act', () => {
  it('has names and choices, and no value of config', () => {
    const given = {
      replace: 'keep',
      data: 'keep',
      config: { token: 's3cret' },
      limits: { timeoutMs: 5 },
      grant: { kv: true, http: false },
      signature: 'a document',
    };
    assert.deepEqual(detailOf(given), {
      replace: 'keep',
      data: 'keep',
      config: ['token'],
      limits: ['timeoutMs'],
      grant: ['kv', '-http'],
    });
    assert.deepEqual(detailOf({ config: new Map([['token', 's3cret']]) }), { config: ['token'] });
  });

  it('has the word of a grant, or what it changes', () => {
    assert.deepEqual(detailOf({ grant: 'all' }), { grant: 'all' });
    assert.deepEqual(detailOf({ grant: { '+': { mail: false } } }), { grant: ['-mail'] });
  });

  it('is of bounded length, in visible characters', () => {
    const config = Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`${'k'.repeat(1_000)}${i}\u202e`, '']));
    assert.ok(JSON.stringify(detailOf({ config })).length < 11_000);
    assert.deepEqual(detailOf(undefined), {});
  });
});

describe('redaction', () => {
  const entry = {
    kind: 'act',
    time: 1,
    act: 'configure',
    who: 'ann s3cret',
    outcome: 'ok',
    detail: { config: ['s3cret'] },
  } as const;

  it('is of each text, and of no word of ours', () => {
    const redact = (text: string) => text.replaceAll('s3cret', '***').replaceAll('configure', 'x');
    assert.deepEqual(redacted(entry, redact), { ...entry, who: 'ann ***', detail: { config: ['***'] } });
  });

  it('keeps nothing of a text where it fails', () => {
    const broken = redacted(entry, () => {
      throw new Error('broken');
    });
    assert.doesNotMatch(JSON.stringify(broken), /s3cret|ann/);
    assert.doesNotMatch(JSON.stringify(redacted(entry, (() => 7) as never)), /s3cret|ann/);
  });
});
