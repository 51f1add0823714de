import { assert } from 'chai';
import { FrameTimes, TICKS } from '../../demo/playground/frame-times.ts';
import { busy } from '../helpers/busy.ts';

const wait = (ms: number): Promise<void> => new Promise((wake) => setTimeout(wake, ms));

describe('the frameTimes of the page', () => {
  it('counts frames, and gives every tick of the time that passed one', async () => {
    const frameTimes = new FrameTimes(200);
    await wait(250);
    frameTimes.stop();
    const { frames, ticks, longestMs } = frameTimes.reading;
    assert.isAbove(frames, 3);
    assert.lengthOf(ticks, TICKS);
    assert.isTrue(
      ticks.every((gap) => gap > 0),
      'a tick was left out',
    );
    assert.isBelow(longestMs, 200);
  });

  it('sees the page freeze', async () => {
    const frameTimes = new FrameTimes(1_000);
    await wait(50);
    block(180);
    await wait(50);
    frameTimes.stop();
    assert.isAtLeast(frameTimes.reading.longestMs, 180);
    assert.isAtLeast(Math.max(...frameTimes.reading.ticks), 180);
  });

  it('counts a freeze that no frame came after', () => {
    const frameTimes = new FrameTimes(1_000);
    block(120);
    frameTimes.stop();
    assert.isAtLeast(frameTimes.reading.longestMs, 120);
  });

  it('leaves the time ahead empty', () => {
    const frameTimes = new FrameTimes(60_000);
    frameTimes.stop();
    assert.equal(frameTimes.reading.ticks.at(-1), 0);
  });
});

/** One more than is asked for: the two clocks that measure it are rounded. */
function block(ms: number): void {
  busy(ms + 1);
}
