// Signatures that engines make are checked alike in all of them, and no key of a stranger harms one.

import { assert } from 'chai';
import { isSignedBy } from '../../src/trust/ed25519.ts';

describe('Ed25519', () => {
  it('X10: holds for what this engine has signed, and for nothing that differs', async () => {
    const { publicKey, privateKey } = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
    const message = new TextEncoder().encode('a message');
    const signature = new Uint8Array(await crypto.subtle.sign('Ed25519', privateKey, message));
    const given = { key: new Uint8Array(await crypto.subtle.exportKey('raw', publicKey)), message, signature };
    assert.isTrue(await isSignedBy(given));
    for (const part of ['key', 'message', 'signature'] as const) {
      for (let at = 0; at < given[part].length; at++) {
        const changed = given[part].slice();
        changed[at] = (changed[at] ?? 0) ^ 1;
        assert.isFalse(await isSignedBy({ ...given, [part]: changed }), `${part} ${at}`);
      }
    }
  });

  it('X10: is no signature by a key of small order, for which anybody can sign', async () => {
    // All points whose order divides 8: https://www.rfc-editor.org/rfc/rfc7748#section-7
    const orders = [
      '0100000000000000000000000000000000000000000000000000000000000000',
      'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
      '0000000000000000000000000000000000000000000000000000000000000000',
      '0000000000000000000000000000000000000000000000000000000000000080',
      '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
      '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
      'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
      'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
      // The same in spellings that are not the shortest.
      'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
      'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
      '0100000000000000000000000000000000000000000000000000000000000080',
    ];
    for (const text of orders) {
      const key = Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
      for (const message of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) {
        const signed = { key, signature: new Uint8Array(64).with(0, 1), message: new TextEncoder().encode(message) };
        assert.isFalse(await isSignedBy(signed), text);
      }
    }
  });
});
