// Blocklists as they are served: read as a whole or not at all, and what they block.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BlockRules } from '../../../src/trust/blocklist/block-rules.ts';
import { openBlocklist, readBlocklist } from '../../../src/trust/blocklist/blocklist-document.ts';
import { newSigner } from '../../helpers/signing.ts';

const [A, B, C] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string];
const LIST = { sequence: 3, blocked: [{ id: 'demo', versions: ['<=1.4.2'], reason: 'leaks' }] };

describe('a blocklist', () => {
  it('has a sequence and entries', async () => {
    const { sequence, blocked } = await readBlocklist(JSON.stringify(LIST));
    assert.equal(sequence, 3);
    assert.deepEqual(
      blocked.map(({ id, reason }) => [id, reason]),
      [['demo', 'leaks']],
    );
  });

  for (const [what, list] of Object.entries({
    'no JSON': '{',
    'no object': [],
    'no sequence': { blocked: [] },
    'a sequence that is none': { sequence: -1, blocked: [] },
    'no entries': { sequence: 1 },
    'an unknown key': { ...LIST, allowed: [] },
    'an entry of nothing': { sequence: 1, blocked: [{}] },
    'an entry of all plugins': { sequence: 1, blocked: [{ versions: ['1'] }] },
    'an entry with a misspelt key': { sequence: 1, blocked: [{ id: 'demo', version: '1' }] },
    'an id that is none': { sequence: 1, blocked: [{ id: '../x' }] },
    'a hash that is none': { sequence: 1, blocked: [{ sha256: A.toUpperCase() }] },
    'versions that are none': { sequence: 1, blocked: [{ id: 'demo', versions: [] }] },
    'a range that is none': { sequence: 1, blocked: [{ id: 'demo', versions: ['<x'] }] },
    'too many entries': { sequence: 1, blocked: Array.from({ length: 10_001 }, () => ({ id: 'demo' })) },
    'too much text': `{"sequence":1,"blocked":[]${' '.repeat(1 << 20)}}`,
  })) {
    it(`is refused with ${what}`, async () => {
      const text = typeof list === 'string' ? list : JSON.stringify(list);
      await assert.rejects(readBlocklist(text), { code: 'BLOCKLIST_FAILED' });
    });
  }

  it('X14: is signed only as it was signed, whichever byte of it is another', async () => {
    const ada = await newSigner();
    const text = JSON.stringify(LIST);
    const signed = await ada.signList(text);
    assert.deepEqual(await openBlocklist(signed), { text, signer: ada.key });
    assert.deepEqual(await openBlocklist(text), { text, signer: undefined });
    const document = JSON.parse(signed) as { list: string; signature: { signature: string; key: string } };
    const eve = await newSigner();
    for (const forged of [
      { ...document, list: text.replace('1.4.2', '1.4.1') },
      { ...document, list: `${text} ` },
      { ...document, signature: { ...document.signature, key: eve.key } },
      { ...document, signature: {} },
      { ...document, more: 1 },
      { ...document, list: LIST },
    ]) {
      await assert.rejects(openBlocklist(JSON.stringify(forged)), { code: 'BLOCKLIST_FAILED' });
    }
  });

  it('X14: takes no signature that was made for a package', async () => {
    const ada = await newSigner();
    const wasm = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
    const signature = JSON.parse(await ada.sign(wasm)) as object;
    await assert.rejects(openBlocklist(JSON.stringify({ list: JSON.stringify(LIST), signature })), {
      code: 'BLOCKLIST_FAILED',
    });
  });
});

describe('what a blocklist blocks', () => {
  const plugin = (given: { id?: string; version?: string; hash?: string; module?: string; asset?: string } = {}) => ({
    manifest: {
      id: given.id ?? 'demo',
      version: given.version ?? '1.0.0',
      modules: [{ name: 'main', sha256: given.module ?? B, size: 1 }],
      assets: [{ path: 'a.html', sha256: given.asset ?? B, size: 1 }],
    },
    sha256: given.hash,
    signature: undefined,
  });
  const blocks = async (entry: object, given?: Parameters<typeof plugin>[0]): Promise<boolean> => {
    const rules = new BlockRules(await readBlocklist(JSON.stringify({ sequence: 1, blocked: [entry] })));
    return rules.blocked(plugin(given)) !== undefined;
  };

  it('is an id, in all versions or in some', async () => {
    assert.equal(await blocks({ id: 'demo' }), true);
    assert.equal(await blocks({ id: 'other' }), false);
    assert.equal(await blocks({ id: 'demo', versions: ['2.0.0', '<1.0.1'] }), true);
    assert.equal(await blocks({ id: 'demo', versions: ['2.0.0', '<1.0.0'] }), false);
  });

  it('is a package, a module or another file by its hash, whatever its id', async () => {
    assert.equal(await blocks({ sha256: A }, { hash: A, id: 'renamed' }), true);
    assert.equal(await blocks({ sha256: A }, { module: A, id: 'renamed' }), true);
    assert.equal(await blocks({ sha256: A }, { asset: A, id: 'renamed' }), true);
    assert.equal(await blocks({ sha256: C }, { hash: A }), false);
  });

  it('is what fits all that an entry says', async () => {
    assert.equal(await blocks({ id: 'demo', sha256: A }, { hash: A }), true);
    assert.equal(await blocks({ id: 'demo', sha256: A }, { hash: C }), false);
    assert.equal(await blocks({ id: 'other', sha256: A }, { hash: A }), false);
    assert.equal(await blocks({ sha256: A, versions: ['>1.0.0'] }, { hash: A }), false);
  });

  it('is what it names where the hash of its package was never kept: nobody knows that it is another', async () => {
    assert.equal(await blocks({ id: 'demo', sha256: A }), true);
    assert.equal(await blocks({ id: 'demo', sha256: A, versions: ['>1.0.0'] }), false);
    assert.equal(await blocks({ id: 'other', sha256: A }), false);
  });

  it('has its reason in one visible line of bounded length', async () => {
    const reason = `leaks\u202e\n${'x'.repeat(5_000)}`;
    const rules = new BlockRules(
      await readBlocklist(JSON.stringify({ sequence: 1, blocked: [{ id: 'demo', reason }] })),
    );
    const { code, message = '' } = rules.blocked(plugin()) ?? {};
    assert.equal(code, 'BLOCKED');
    assert.match(message, /leaks\\u202e\\nxxx/);
    assert.ok(message.length < 700);
  });
});
