import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { orphanOf } from '../../../src/registry/orphans/orphan-of.ts';
import { decodeRecord, encodeRecord } from '../../../src/registry/record.ts';
import { sample } from '../../registry/records.ts';

/** An update that waits, but for its manifest. */
const WAITING = {
  sha256: '0'.repeat(64),
  signature: undefined,
  imports: [],
  more: [],
  grant: undefined,
  config: undefined,
  secrets: undefined,
  limits: undefined,
  isolation: undefined,
  missing: undefined,
} as const;

describe('X6: a stored record', () => {
  it('opens with more values than a manifest may have now: earlier ones could have 100,000', async () => {
    const { record } = await sample('large');
    const grant = { http: { allow: Array.from({ length: 90_000 }, (_, n) => n) } };
    assert.equal(JSON.stringify(decodeRecord(encodeRecord({ ...record, grant }).stored).grant), JSON.stringify(grant));
  });

  it('from before plugins had an isolation is of one that lives where its host says, and is stored as it was', async () => {
    const { record } = await sample('earlier');
    const { stored } = encodeRecord(record);
    assert.ok(!('isolation' in stored));
    assert.equal(decodeRecord(stored).isolation, 'auto');
  });

  it('keeps the isolation of a plugin, and that of an update that waits', async () => {
    const { record } = await sample('stranger');
    const pending = { ...WAITING, manifest: record.manifest, isolation: 'process' } as const;
    const read = decodeRecord(encodeRecord({ ...record, isolation: 'own-process', pending }).stored);
    assert.deepEqual([read.isolation, read.pending?.isolation], ['own-process', 'process']);
  });

  it('of an isolation that nobody knows cannot be read: less than that must not run', async () => {
    const { record } = await sample('newer');
    const { stored } = encodeRecord(record);
    assert.throws(() => decodeRecord({ ...stored, isolation: 'planet' }), /isolation/);
  });
});

describe('what becomes of missing imports, in a stored record', () => {
  it('is kept, also of an update that waits; one without it is refused, and any other word cannot be read', async () => {
    const { record } = await sample('stubbed');
    const pending = { ...WAITING, manifest: record.manifest, missing: 'refuse' } as const;
    const read = decodeRecord(encodeRecord({ ...record, missing: 'stub', pending }).stored);
    assert.deepEqual([read.missing, read.pending?.missing], ['stub', 'refuse']);
    const { stored } = encodeRecord(record);
    assert.ok(!('missing' in stored));
    assert.equal(decodeRecord(stored).missing, 'refuse');
    assert.throws(() => decodeRecord({ ...stored, missing: 'ignore' }), /missing/);
  });
});

describe('the signature in a stored record', () => {
  const KEY = 'ed25519:11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo';

  it('is kept, also that of an update that waits, and is absent where there is none', async () => {
    const { record } = await sample('signed');
    const pending = { ...WAITING, manifest: record.manifest, signature: 'broken' } as const;
    const read = decodeRecord(encodeRecord({ ...record, signature: KEY, pending }).stored);
    assert.deepEqual([read.signature, read.pending?.signature], [KEY, 'broken']);
    const { stored } = encodeRecord(record);
    assert.ok(!('signature' in stored));
    assert.equal(decodeRecord(stored).signature, undefined);
  });

  it('X11: cannot be read where it is none: the plugin counts as unreadable, and not as unsigned', async () => {
    const { record } = await sample('odd');
    const { stored } = encodeRecord(record);
    for (const signature of [null, '', 'unsigned', 'unknown', 'ed25519:', { key: KEY }, [KEY], `${KEY} `]) {
      assert.throws(() => decodeRecord({ ...stored, signature }), { code: 'STORAGE_FAILED', message: /signature/ });
    }
  });

  it('X11: of a plugin that is gone is unknown where its record was damaged', async () => {
    assert.equal(orphanOf('p', { installation: 'p', signature: KEY }, false).signature, KEY);
    assert.equal(orphanOf('p', { installation: 'p' }, false).signature, undefined);
    for (const signature of [null, '', 7, {}]) assert.equal(orphanOf('p', { signature }, false).signature, 'unknown');
  });
});

describe('the config in a stored record', () => {
  const schema = { type: 'object', properties: { token: { type: 'string', writeOnly: true } } } as const;

  it('keeps its schema and its secrets, also those of an update that waits, and is as it was without', async () => {
    const { record: plain } = await sample('configured');
    const record = { ...plain, manifest: { ...plain.manifest, configSchema: schema } };
    const pending = { ...WAITING, manifest: record.manifest, secrets: new Map([['token', '']]) } as const;
    const secrets = new Map([['token', '1.a.b']]);
    const read = decodeRecord(encodeRecord({ ...record, secrets, pending }).stored);
    assert.deepEqual([read.secrets, read.pending?.secrets], [secrets, pending.secrets]);
    assert.equal(JSON.stringify(read.manifest.configSchema), JSON.stringify(schema));
    const { stored } = encodeRecord(plain);
    assert.ok(!('secrets' in stored) && !('configSchema' in (stored.manifest as object)));
    assert.equal(decodeRecord(stored).secrets.size, 0);
  });

  it('X6: cannot be read where its schema is none', async () => {
    const { stored } = encodeRecord((await sample('odd')).record);
    for (const configSchema of [null, 'x', [], {}, { properties: [] }, { properties: { a: 1 } }]) {
      const manifest = { ...(stored.manifest as object), configSchema };
      assert.throws(() => decodeRecord({ ...stored, manifest }), { code: 'STORAGE_FAILED', message: /configSchema/ });
    }
  });
});
