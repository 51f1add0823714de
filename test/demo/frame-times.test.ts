import { assert } from 'chai';
import { Pulse, TICKS } from '../../demo/playground/frame-times.ts';

const wait = (ms: number): Promise<void> => new Promise((wake) => setTimeout(wake, ms));

describe('the pulse of the page', () => {
  it('counts frames, and gives every tick of the time that passed one', async () => {
    const pulse = new Pulse(200);
    await wait(250);
    pulse.stop();
    const { frames, ticks, longestMs } = pulse.reading;
    assert.isAbove(frames, 3);
    assert.lengthOf(ticks, TICKS);
    assert.isTrue(
      ticks.every((gap) => gap > 0),
      'a tick was left out',
    );
    assert.isBelow(longestMs, 200);
  });

  it('sees the page freeze', async () => {
    const pulse = new Pulse(1_000);
    await wait(50);
    block(180);
    await wait(50);
    pulse.stop();
    assert.isAtLeast(pulse.reading.longestMs, 180);
    assert.isAtLeast(Math.max(...pulse.reading.ticks), 180);
  });

  it('counts a freeze that no frame came after', () => {
    const pulse = new Pulse(1_000);
    block(120);
    pulse.stop();
    assert.isAtLeast(pulse.reading.longestMs, 120);
  });

  it('leaves the time ahead empty', () => {
    const pulse = new Pulse(60_000);
    pulse.stop();
    assert.equal(pulse.reading.ticks.at(-1), 0);
  });
});

function block(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}
