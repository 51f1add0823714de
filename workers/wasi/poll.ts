// `poll_oneoff` of WASI preview 1: how guests sleep.
// https://github.com/WebAssembly/WASI/blob/wasi-0.1/preview1/docs.md#poll_oneoff

import { EINVAL, SUCCESS } from '../../src/files/errno.ts';
import type { Clock } from './clock.ts';
import type { GuestMemory } from './guest-memory.ts';

const SUBSCRIPTION_BYTES = 48;
const EVENT_BYTES = 32;
const CLOCK = 0;
const ABSOLUTE = 1;

interface Subscription {
  readonly userdata: bigint;
  readonly type: number;
  /** Of `performance.now()`, in ms; 0 for a file descriptor, which here is always ready. */
  readonly due: number;
}

/**
 * Waits until the first subscription is due, and writes an event for each that is.
 * @throws {RangeError} for a pointer outside memory, before it waits.
 */
export function pollOneoff(
  memory: GuestMemory,
  clock: Clock,
  [from = 0, to = 0, count = 0, counted = 0]: readonly number[],
): number {
  if (count === 0) return EINVAL;
  const view = new DataView(memory.buffer);
  new Uint8Array(view.buffer, to >>> 0, (count >>> 0) * EVENT_BYTES);
  view.getUint32(counted >>> 0);
  const now = performance.now();
  const subscriptions: Subscription[] = [];
  for (let i = 0; i < count >>> 0; i++) {
    subscriptions.push(read(view, (from >>> 0) + i * SUBSCRIPTION_BYTES, clock, now));
  }
  const first = subscriptions.reduce((least, { due }) => Math.min(least, due), Number.POSITIVE_INFINITY);
  // Nothing else can wait here: shared memory is not to be had in every page, and a promise would not stop the guest.
  while (performance.now() < first);
  clock.slept(first - now);
  const ready = subscriptions.filter(({ due }) => due <= first);
  ready.forEach((subscription, i) => {
    write(view, (to >>> 0) + i * EVENT_BYTES, subscription);
  });
  view.setUint32(counted >>> 0, ready.length, true);
  return SUCCESS;
}

/** @param now of `performance.now()` */
function read(view: DataView, at: number, clock: Clock, now: number): Subscription {
  const userdata = view.getBigUint64(at, true);
  const type = view.getUint8(at + 8);
  if (type !== CLOCK) return { userdata, type, due: 0 };
  const timeout = Number(view.getBigUint64(at + 24, true)) / 1e6;
  const isAbsolute = (view.getUint16(at + 40, true) & ABSOLUTE) !== 0;
  if (!isAbsolute) return { userdata, type, due: now + timeout };
  return { userdata, type, due: now + timeout - clock.at(view.getUint32(at + 16, true), now) };
}

function write(view: DataView, at: number, { userdata, type }: Subscription): void {
  new Uint8Array(view.buffer, at, EVENT_BYTES).fill(0);
  view.setBigUint64(at, userdata, true);
  view.setUint8(at + 10, type);
}
