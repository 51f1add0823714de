// Signatures by the examples of the standard; in engines: test/trust/ed25519.test.ts.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isSignedBy } from '../../../src/trust/ed25519.ts';

const hex = (text: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(text, 'hex'));

/** https://www.rfc-editor.org/rfc/rfc8032#section-7.1, tests 1 to 3. */
const VECTORS = [
  [
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
  [
    'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  ],
].map(([key = '', message = '', signature = '']) => ({
  key: hex(key),
  message: hex(message),
  signature: hex(signature),
}));

describe('Ed25519', () => {
  it('knows the signatures of RFC 8032', async () => {
    for (const vector of VECTORS) assert.equal(await isSignedBy(vector), true);
  });

  it('X10: knows each of them from one that differs by a bit, of the key, the message and the signature', async () => {
    for (const vector of VECTORS) {
      for (const part of ['key', 'message', 'signature'] as const) {
        for (const at of [0, vector[part].length - 1]) {
          if (vector[part].length === 0) continue;
          const changed = vector[part].slice();
          changed[at] = (changed[at] ?? 0) ^ 1;
          assert.equal(await isSignedBy({ ...vector, [part]: changed }), false, `${part} ${at}`);
        }
      }
    }
  });

  it('X10: takes no second spelling of a signature', async () => {
    // S and S + L are the same number to whoever does not look: https://www.rfc-editor.org/rfc/rfc8032#section-5.1.7
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    for (const vector of VECTORS) {
      const signature = vector.signature.slice();
      let s = signature.slice(32).reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n) + order;
      for (let at = 32; at < 64; at++, s >>= 8n) signature[at] = Number(s & 255n);
      assert.equal(await isSignedBy({ ...vector, signature }), false);
    }
  });
});
