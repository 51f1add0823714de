// What an instance emits, as others hear it.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LiveContributions } from '../../../../src/capabilities/services.ts';
import { eventFunctions } from '../../../../src/dialects/nev/functions/events.ts';
import { currentChain, onBehalfOf } from '../../../../src/runtime/calls/call-chain.ts';

/** As many calls wait at a plugin, and no more. */
const PLACES = 64;

function stage() {
  const heard: unknown[] = [];
  const logs: string[] = [];
  let waiting = 0;
  let last = Promise.resolve();
  const emit = async (event: string, value: unknown) => {
    assert.deepEqual(currentChain(), [], 'on behalf of nobody');
    assert.ok(++waiting <= PLACES, 'BUSY');
    last = last.then(() => new Promise((resolve) => setImmediate(resolve)));
    await last;
    waiting--;
    if (event === 'broken') throw new Error('nobody is there');
    heard.push(value);
  };
  const functions = eventFunctions({ host: { emit } } as unknown as LiveContributions);
  const call = functions.find(({ name }) => name === 'emit-event')?.call as unknown as (...given: unknown[]) => void;
  const context = { instance: { id: 1, onEnd: () => undefined }, log: (_: string, text: string) => logs.push(text) };
  const tell = (event: string, payload: string) => onBehalfOf([{}], () => call([event, payload], context));
  return { heard, logs, tell };
}

const allHeard = () => new Promise((resolve) => setTimeout(resolve, 100));

describe('events of an instance', () => {
  it('are all heard, in their order, where it emits more in one call than may wait at a plugin', async () => {
    const { heard, logs, tell } = stage();
    for (let i = 0; i < 300; i++) tell('counted', String(i));
    await allHeard();
    assert.deepEqual(
      heard,
      Array.from({ length: 300 }, (_, i) => i),
    );
    assert.deepEqual(logs, []);
  });

  it('are heard behind one that is not', async () => {
    const { heard, logs, tell } = stage();
    for (const event of ['broken', 'counted']) tell(event, '1');
    await allHeard();
    assert.deepEqual(heard, [1]);
    assert.deepEqual(logs, ['event "broken" was not told: nobody is there']);
  });

  it('S2: wait within bounds, and its log says which were not told', async () => {
    const { logs, tell } = stage();
    const megabyte = JSON.stringify('x'.repeat((1 << 20) - 2));
    for (let i = 0; i < 16; i++) tell('large', megabyte);
    tell('one more', '1');
    assert.deepEqual(logs, []);
    await allHeard();
    assert.deepEqual(logs, ['event "one more" was not told: 16 events of an instance wait already']);
    tell('later', '1');
    for (let i = 0; i < 10_000; i++) tell('many', '1');
    await allHeard();
    assert.deepEqual(logs.slice(1), ['event "many" was not told: 10000 events of an instance wait already']);
  });
});
