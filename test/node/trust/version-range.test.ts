// Which versions an entry of a blocklist means.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { versionRange } from '../../../src/trust/blocklist/version-range.ts';

const has = (range: string, version: string): boolean | undefined => versionRange(range)?.has(version);

describe('a range of versions', () => {
  // https://semver.org/#spec-item-11
  const ORDER =
    '1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0-rc.1 1.0.0 1.0.1 1.1.0 2.0.0 10.0.0';
  const versions = ORDER.split(' ');

  it('follows the order of semantic versioning', () => {
    for (const [i, a] of versions.entries()) {
      for (const [j, b] of versions.entries()) {
        const found = ['<', '<=', '>', '>='].filter((operator) => has(`${operator}${b}`, a));
        const expected = i < j ? ['<', '<='] : i > j ? ['>', '>='] : ['<=', '>='];
        assert.deepEqual(found, expected, `${a} beside ${b}`);
      }
    }
  });

  it('of one version is that, letter by letter', () => {
    assert.equal(has('1.2.3', '1.2.3'), true);
    assert.equal(has('1.2.3', '1.2.30'), false);
    assert.equal(has('1.2.3', '1.2.3+build'), false);
    assert.equal(has('spring', 'spring'), true);
  });

  it('of several comparisons is what all of them hold for', () => {
    assert.deepEqual(
      ['1.9.9', '2.0.0', '2.3.0', '2.3.1'].map((version) => has('>=2 <2.3.1', version)),
      [false, true, true, false],
    );
    assert.equal(has('<=1.4', 'v1.4.0+build.7'), true);
  });

  it('means a version that cannot be compared: it is not known to be another', () => {
    for (const version of ['', 'spring', '1.2.3.4', '1.2.x', '01x']) assert.equal(has('<1', version), true, version);
  });

  it('is refused where it is none', () => {
    for (const range of ['', '<', '<=x', '>=1 2', '^ <1', '<1  >0', '<1 ', '^1.2', '~1', '1.x', '*', '1 || 2', '1 - 2'])
      assert.equal(versionRange(range), undefined, range);
  });

  it('holds or not for every version, and one of two that exclude each other', () => {
    const part = fc.integer({ min: 0, max: 30 });
    const version = fc.tuple(part, part, part).map((parts) => parts.join('.'));
    fc.assert(
      fc.property(version, version, (a, b) => {
        assert.notEqual(has(`<${b}`, a), has(`>=${b}`, a));
        assert.equal(has(`<=${b}`, a), !has(`>${b}`, a));
        assert.equal(has(`<${b}`, a), has(`>${a}`, b));
      }),
    );
  });

  it('takes no long time for any text', () => {
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => void versionRange(`<${text}`)?.has(text)));
  });
});
