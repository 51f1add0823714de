// What is kept of where a package came from.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { originOf } from '../../../src/host/install/origin-of.ts';
import { OwnSource } from '../../../src/package/own-source.ts';

const LIMITS = { moduleBytes: 1_000, packageBytes: 1_000 };
const of = (source: unknown) => originOf(OwnSource.of(source, LIMITS));

describe('the origin of a package', () => {
  it('is its address, without what may be a key to it', () => {
    const expected = { kind: 'url', name: 'https://a.example/p.zip' };
    assert.deepEqual(of('https://me:secret@a.example/p.zip?sig=secret#x'), expected);
    assert.deepEqual(of(new URL('https://a.example/p.zip?sig=secret')), expected);
  });

  it('is the name of its file', () => {
    assert.deepEqual(of(new File([], 'p.zip')), { kind: 'file', name: 'p.zip' });
    assert.deepEqual(of(new File([], 'x'.repeat(500)))?.name.length, 200);
  });

  it('is not known of what has none', () => {
    const none = [new Uint8Array(1), new Blob([]), new Response(''), '{ "cloche": 1 }', 'blob:https://a.example/1'];
    for (const source of [...none, 'data:,x', new File([], ''), { cloche: 1, id: 'p' }]) {
      assert.equal(of(source), undefined);
    }
  });
});
