// The signature document is a stranger's: what it says is checked, and what cannot be told is neither yes nor no.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readSignatureDocument, writeSignatureDocument } from '../../../src/trust/signature-document.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const KEY = 'ed25519:11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo';
const signature = new Uint8Array(64).fill(255);
const good = JSON.parse(writeSignatureDocument({ key: KEY, signature })) as Record<string, unknown>;
const read = (changes: object) => readSignatureDocument(bytes(JSON.stringify({ ...good, ...changes })));

describe('a signature document', () => {
  it('is read as it was written', async () => {
    const document = await readSignatureDocument(bytes(writeSignatureDocument({ key: KEY, signature })));
    assert.equal(document?.key, KEY);
    assert.equal(Buffer.from(document?.keyBytes ?? []).toString('base64url'), KEY.slice(8));
    assert.deepEqual(document?.signature, signature);
  });

  for (const [what, changes] of Object.entries({
    'no version': { version: undefined },
    'a version that is none': { version: '1' },
    'an algorithm that is none': { algorithm: null },
    'a key of another length': { key: `${KEY}A` },
    'a key with bits that say nothing': { key: `${KEY.slice(0, -1)}p` },
    'a key of another kind': { key: KEY.replace('ed25519', 'ed448') },
    'a signature that is too short': { signature: String(good.signature).slice(1) },
    'a signature with bits that say nothing': { signature: `${String(good.signature).slice(0, -1)}x` },
    'a signature with padding': { signature: `${good.signature}==` },
    'a key more than there are': { publisher: 'Ada' },
  })) {
    it(`X10: is none with ${what}`, async () => {
      assert.equal(await read(changes), undefined);
    });
  }

  for (const [what, text] of Object.entries({
    nothing: '',
    'an array': '[]',
    'another key twice': `{"version":1,${JSON.stringify(good).slice(1)}`,
    'text that goes on': `${JSON.stringify(good)}{}`,
    'a text that is too long': JSON.stringify({ ...good, algorithm: 'x'.repeat(5_000) }),
    'a hundred levels': '['.repeat(100),
    'a prototype': `{"__proto__":1,${JSON.stringify(good).slice(1)}`,
  })) {
    it(`X10: is not ${what}`, async () => {
      assert.equal(await readSignatureDocument(bytes(text)), undefined);
    });
  }

  it('X10: is not what is not UTF-8', async () => {
    assert.equal(await readSignatureDocument(new Uint8Array([0xff, 0xfe])), undefined);
  });

  it('of a later form may hold, and rejects: that is not known here', async () => {
    for (const changes of [{ version: 2 }, { version: 2, more: 1 }, { algorithm: 'ML-DSA-44' }]) {
      await assert.rejects(read(changes), { code: 'SIGNATURE_UNREADABLE' });
    }
  });
});
