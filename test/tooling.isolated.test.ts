import { assert } from 'chai';

describe('tooling, isolated', () => {
  it('is cross-origin isolated', () => {
    assert.isTrue(globalThis.crossOriginIsolated);
  });
});
