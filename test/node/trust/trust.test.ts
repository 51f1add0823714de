// Whom an app trusts, and who may have whose data.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkedOptions } from '../../../src/host/checked-options.ts';
import type { Grant } from '../../../src/permissions/grants.ts';
import { assertTakesOver } from '../../../src/trust/owners.ts';
import { type LeftSignature, leftSignature, type PackageSignature } from '../../../src/trust/package-signature.ts';
import type { PublicKey } from '../../../src/trust/public-key.ts';
import { publishersByKey } from '../../../src/trust/publishers.ts';
import { GivenTrust } from '../../../src/trust/read-trust.ts';
import { describedSignature } from '../../../src/trust/trust.ts';

const key = (letter: string): PublicKey => `ed25519:${letter.repeat(42)}A`;
const by = key;
const trustOf = (given: unknown) =>
  new GivenTrust(given, { storage: 'test', checkGrant: (grant) => grant as Grant, changed: () => undefined });
const trusting = (publishers: object) => publishersByKey(publishers);
const ADA = { name: 'Ada', keys: [key('a'), key('b')] };
const EVE = { name: 'Eve', keys: [key('e')] };

describe('the signature of a plugin', () => {
  it('is by the publisher who has its key now, whichever of his keys', () => {
    const trust = trusting([ADA, EVE]);
    assert.deepEqual(describedSignature(by('a'), trust), { state: 'signed', publisher: 'Ada', key: key('a') });
    assert.deepEqual(describedSignature(by('b'), trust), { state: 'signed', publisher: 'Ada', key: key('b') });
    assert.deepEqual(describedSignature(by('e'), trust), { state: 'signed', publisher: 'Eve', key: key('e') });
  });

  it('X11: is by nobody we know once the publisher, or the key, is taken out', () => {
    for (const trust of [new Map(), trusting([EVE]), trusting([{ ...ADA, keys: [key('b')] }])]) {
      assert.deepEqual(describedSignature(by('a'), trust), { state: 'unknown-signer', key: key('a') });
    }
  });

  it('X10: of a package that was changed names nobody: who that was is a claim', () => {
    assert.deepEqual(describedSignature('broken', trusting([ADA])), { state: 'modified' });
    assert.deepEqual(describedSignature(undefined, trusting([ADA])), { state: 'unsigned' });
  });
});

describe('data that is there', () => {
  const trust = trusting([ADA, EVE]);
  const BROKEN = 'broken';
  const UNKNOWN = 'unknown';
  const rows: [name: string, left: LeftSignature, next: PackageSignature, outcome: string][] = [
    ['of a publisher goes to the same key', by('a'), by('a'), 'yes'],
    ['of a publisher goes to another key of his', by('a'), by('b'), 'yes'],
    ['of a publisher does not go to another publisher', by('a'), by('e'), 'SIGNER_CHANGED'],
    ['of a publisher does not go to a key of nobody we know', by('a'), by('x'), 'SIGNER_CHANGED'],
    ['of a publisher does not go to what is not signed', by('a'), undefined, 'SIGNER_CHANGED'],
    ['of a publisher does not go to what was changed', by('a'), BROKEN, 'SIGNATURE_INVALID'],
    ['of an unknown key goes to that key', by('x'), by('x'), 'yes'],
    ['of an unknown key does not go to another', by('x'), by('y'), 'SIGNER_CHANGED'],
    ['of an unknown key does not go to a publisher', by('x'), by('a'), 'SIGNER_CHANGED'],
    ['of an unknown key does not go to what is not signed', by('x'), undefined, 'SIGNER_CHANGED'],
    ['of nobody goes to what is not signed', undefined, undefined, 'yes'],
    ['of nobody goes to a publisher', undefined, by('a'), 'yes'],
    ['of nobody goes to a key: who has it could leave it away', undefined, by('x'), 'yes'],
    ['of nobody does not go to what was changed', undefined, BROKEN, 'SIGNATURE_INVALID'],
    ['of what was changed is of nobody', BROKEN, by('a'), 'yes'],
    ['of a record that nobody can read goes to nobody', UNKNOWN, by('a'), 'SIGNER_CHANGED'],
    ['of a record that nobody can read does not go to what is not signed', UNKNOWN, undefined, 'SIGNER_CHANGED'],
  ];
  for (const [name, left, next, outcome] of rows) {
    it(`X11: ${name}`, () => {
      if (outcome === 'yes') assertTakesOver('p', trust, left, next);
      else
        assert.throws(() => assertTakesOver('p', trust, left, next), {
          code: outcome,
          plugin: 'p',
          message: /`replace: 'wipe'`/,
        });
    });
  }

  it('X11: says who has signed, and who is to have it', () => {
    assert.throws(() => assertTakesOver('p', trust, by('a'), by('x')), { message: new RegExp(`"Ada".*${key('x')}`) });
    assert.throws(() => assertTakesOver('p', trust, by('a'), undefined), { message: /"Ada".*by nobody/ });
  });

  it('X11: of a key does not go to a publisher whose name is that key', () => {
    const imitating = trusting([{ name: key('x'), keys: [key('e')] }]);
    assert.throws(() => assertTakesOver('p', imitating, by('x'), by('e')), { code: 'SIGNER_CHANGED' });
  });
});

describe('what a record says of a signature', () => {
  it('is unknown where it is not plainly one of these', () => {
    assert.equal(leftSignature(undefined), undefined);
    assert.deepEqual(leftSignature(by('a')), by('a'));
    assert.deepEqual(leftSignature('broken'), 'broken');
    for (const value of [
      null,
      1,
      '',
      'verified',
      'unsigned',
      [],
      {},
      [key('a')],
      { key: key('a') },
      `${key('a')} `,
      'ed25519:',
    ]) {
      assert.equal(leftSignature(value), 'unknown', JSON.stringify(value));
    }
  });
});

describe('the option `trust`', () => {
  it('may name nobody', () => {
    assert.equal(trustOf({}).publishers.size, 0);
    assert.equal(checkedOptions({}).trust, undefined);
  });

  it('P11: is a copy, and each part of it is read once', () => {
    let reads = 0;
    const given = {
      publishers: [
        {
          name: 'Ada',
          get keys() {
            reads++;
            return [key('a')];
          },
        },
      ],
    };
    const { trust } = checkedOptions({ trust: given });
    given.publishers = [];
    assert.deepEqual([...trustOf(trust).publishers], [[key('a'), 'Ada']]);
    assert.equal(reads, 1);
  });

  for (const [what, trust] of Object.entries({
    'a misspelt key': { publisher: [ADA] },
    'no list': { publishers: ADA },
    'a list of nobody': { publishers: [] },
    'a publisher that is a name': { publishers: ['Ada'] },
    'a publisher without keys': { publishers: [{ name: 'Ada' }] },
    'a publisher with a list of no keys': { publishers: [{ name: 'Ada', keys: [] }] },
    'a key that is none': { publishers: [{ name: 'Ada', keys: ['ed25519:abc'] }] },
    'a key in hex': { publishers: [{ name: 'Ada', keys: ['11'.repeat(32)] }] },
    'a misspelt key of a publisher': { publishers: [{ ...ADA, key: 'x' }] },
    'a name that is empty': { publishers: [{ ...ADA, name: '' }] },
    'a name that turns the text around it': { publishers: [{ ...ADA, name: 'Ada\u202e' }] },
    'a name of a hundred and one': { publishers: [{ ...ADA, name: 'a'.repeat(101) }] },
    'two of one name': { publishers: [ADA, { ...EVE, name: 'Ada' }] },
    'one key twice': { publishers: [ADA, { ...EVE, keys: [key('b')] }] },
  })) {
    it(`P11: is refused with ${what}`, () => {
      assert.throws(() => trustOf(trust), { code: 'OPTION_INVALID' });
    });
  }

  it('P11: is refused where it is no data', () => {
    assert.throws(() => checkedOptions({ trust: { publishers: () => [] } }), {
      code: 'OPTION_INVALID',
      message: /`trust`/,
    });
  });
});
