import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decodeRecord, encodeRecord } from '../../../src/registry/record.ts';
import { sample } from '../../registry/records.ts';

describe('X6: a stored record', () => {
  it('opens with more values than a manifest may have now: earlier ones could have 100,000', async () => {
    const { record } = await sample('large');
    const grant = { http: { allow: Array.from({ length: 90_000 }, (_, n) => n) } };
    assert.equal(JSON.stringify(decodeRecord(encodeRecord({ ...record, grant }).stored).grant), JSON.stringify(grant));
  });
});
