import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { joined, readCapped } from '../../../src/util/capped-body.ts';

/** A body of the given chunks, and whether somebody cancelled it. */
function bodyOf(...sizes: number[]) {
  const told: { cancelled?: unknown } = {};
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      const size = sizes.shift();
      if (size === undefined) controller.close();
      else controller.enqueue(new Uint8Array(size).fill(size));
    },
    cancel(reason) {
      told.cancelled = reason ?? 'without a reason';
    },
  });
  return { body, told };
}

/** A body whose first chunk never comes. */
function waitingBody() {
  const told: { cancelled?: unknown } = {};
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    cancel(reason) {
      told.cancelled = reason;
    },
  });
  return { body, told };
}

describe('a capped body', () => {
  it('gives the chunks of what just fits', async () => {
    const { body, told } = bodyOf(2, 3);
    const chunks = await readCapped(body, 5);
    assert.deepEqual(chunks && [...joined(chunks)], [2, 2, 3, 3, 3]);
    assert.deepEqual(told, {});
  });

  it('has no chunks where there is no body', async () => {
    assert.deepEqual(await readCapped(null, 0), []);
  });

  it('cancels the rest of what is larger, and tells it from what is empty', async () => {
    const { body, told } = bodyOf(2, 3, 4);
    assert.equal(await readCapped(body, 4), undefined);
    assert.equal(told.cancelled, 'without a reason');
  });

  it('ends with the reason of the signal, also while it waits', async () => {
    const controller = new AbortController();
    const { body, told } = waitingBody();
    const reading = readCapped(body, 1, { signal: controller.signal });
    const reason = new Error('nobody waits any more');
    controller.abort(reason);
    await assert.rejects(reading, reason);
    assert.equal(told.cancelled, reason);
  });

  it('fails as the stream does', async () => {
    const lost = new TypeError('the connection was lost');
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({ start: (controller) => controller.error(lost) });
    await assert.rejects(readCapped(body, 1), lost);
  });

  it('lets the caller refuse a chunk, and cancels the rest', async () => {
    const { body, told } = bodyOf(1, 1);
    const refused = new Error('not this one');
    await assert.rejects(readCapped(body, 9, { next: () => Promise.reject(refused) }), refused);
    assert.equal(told.cancelled, 'without a reason');
  });
});
