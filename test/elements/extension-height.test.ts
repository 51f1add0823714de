import { assert } from 'chai';
import { FrameHeight } from '../../src/elements/extension/frame-height.ts';

const heightWith = (most = 10_000) => new FrameHeight(() => most);

/** Lets a page report again and again what it makes of its frame; each report comes 16 ms after the change before. */
function settle(height: FrameHeight, measure: (frame: number) => number): number {
  for (let round = 0; round < 1_000; round++) height.report(measure(height.px), round * 16);
  return height.px;
}

describe('WS28: the height of a frame', () => {
  it('is 600 px before a page says anything', () => assert.equal(heightWith().px, 600));

  for (const [reported, px] of [
    [812, 832],
    [812.2, 833],
    [380, 400],
    [100, 400],
    [0, 400],
    [-50, 400],
  ] as const) {
    it(`is ${px} px for a page of ${reported} px`, () => {
      const height = heightWith();
      height.report(reported);
      assert.equal(height.px, px);
    });
  }

  it('is capped, and follows a cap that changes', () => {
    let most = 2_000;
    const height = new FrameHeight(() => most);
    height.report(1e12);
    assert.equal(height.px, 2_000);
    most = 900;
    assert.equal(height.px, 900);
    for (const [nonsense, px] of [
      [0, 400],
      [-1, 400],
      [Number.NEGATIVE_INFINITY, 400],
      [Number.NaN, 10_000],
    ] as const) {
      most = nonsense;
      assert.equal(height.px, px);
    }
  });

  it('does not grow with a page that is as high as its frame', () => {
    assert.equal(
      settle(heightWith(), (frame) => Math.max(300, frame)),
      600,
    );
  });

  it('does not grow without end with a page that is always a bit higher than its frame', () => {
    assert.isAtMost(
      settle(heightWith(), (frame) => frame + 16),
      700,
    );
  });

  it('does not take the second of two observers for a change', () => {
    const height = heightWith();
    const both = (frame: number): void => {
      height.report(frame + 16, 0);
      height.report(frame + 16, 0);
    };
    for (let round = 0; round < 100; round++) both(height.px);
    assert.isAtMost(height.px, 700);
  });

  it('still follows such a page when its content really grows', () => {
    const height = heightWith();
    settle(height, (frame) => frame + 16);
    height.report(1_500, 20_000);
    assert.equal(height.px, 1_520);
  });

  it('shows all of a list that grows by the same row again and again', () => {
    const height = heightWith();
    for (let rows = 20; rows < 60; rows++) height.report(rows * 40, rows * 16);
    assert.isAtLeast(height.px, 59 * 40 - 40);
    height.report(60 * 40, 60 * 16);
    assert.isAtLeast(height.px, 60 * 40 - 40);
  });
});
