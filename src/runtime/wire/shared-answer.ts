// An answer through shared memory, in chunks when it is larger than the buffer. Used on both sides.
//
// Layout: i32 state, i32 bytes of the whole answer, i32 bytes of this chunk, i32 unused, then the chunk.
// The page writes a chunk and sets the state; the worker takes it, clears the state and asks for more.

const EMPTY = 0;
const READY = 1;
const HEADER_BYTES = 16;

/** Chunks of 64 KiB: small answers need one, and a page may hold many buffers. */
export const SHARED_ANSWER_BYTES = HEADER_BYTES + 65_536;

/** Worker side: blocks until the whole answer is there. `more` asks the page for the next chunk. */
export function takeFromShared(buffer: SharedArrayBuffer, more: () => void): Uint8Array {
  const header = new Int32Array(buffer, 0, 4);
  let answer: Uint8Array | undefined;
  let taken = 0;
  for (;;) {
    Atomics.wait(header, 0, EMPTY);
    answer ??= new Uint8Array(Atomics.load(header, 1));
    const length = Atomics.load(header, 2);
    answer.set(new Uint8Array(buffer, HEADER_BYTES, length), taken);
    taken += length;
    Atomics.store(header, 0, EMPTY);
    if (taken >= answer.length) return answer;
    more();
  }
}

/** Page side: writes the chunk that begins at `from` and wakes the worker. Returns where the next one begins. */
export function putIntoShared(buffer: SharedArrayBuffer, answer: Uint8Array, from: number): number {
  const header = new Int32Array(buffer, 0, 4);
  const chunk = answer.subarray(from, from + buffer.byteLength - HEADER_BYTES);
  new Uint8Array(buffer, HEADER_BYTES).set(chunk);
  Atomics.store(header, 1, answer.length);
  Atomics.store(header, 2, chunk.length);
  Atomics.store(header, 0, READY);
  Atomics.notify(header, 0);
  return from + chunk.length;
}
