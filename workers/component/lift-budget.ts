// What the glue may read out of a guest's memory at one go. A capped memory does not cap the engine's heap: lists whose pointers
// overlap make gigabytes of a few megabytes. All that is read goes by three functions of the language, which count here.

import { ClocheError } from '../../src/errors.ts';

/** For one number that is read, in bytes: what becomes of it, with its place in a list or an object. */
const NUMBER_BYTES = 16;

const READS = [
  'getInt8',
  'getUint8',
  'getInt16',
  'getUint16',
  'getInt32',
  'getUint32',
  'getBigInt64',
  'getBigUint64',
  'getFloat32',
  'getFloat64',
] as const;

export class LiftBudget {
  #left = Number.POSITIVE_INFINITY;
  #bytes = Number.POSITIVE_INFINITY;

  /** Must come before the glue is made: it keeps nothing of these functions, and looks them up when it needs them. */
  constructor() {
    const take = (bytes: number): void => this.#take(bytes);
    for (const name of READS) {
      const read = DataView.prototype[name] as (at: number, isLittle?: boolean) => unknown;
      define(DataView.prototype, name, function (this: DataView, at: number, isLittle?: boolean): unknown {
        take(NUMBER_BYTES);
        return read.call(this, at, isLittle);
      });
    }
    const { decode } = TextDecoder.prototype;
    define(TextDecoder.prototype, 'decode', function (this: TextDecoder, ...args: Parameters<typeof decode>): string {
      take(NUMBER_BYTES + (args[0]?.byteLength ?? 0));
      return decode.apply(this, args);
    });
    const { slice } = ArrayBuffer.prototype;
    define(ArrayBuffer.prototype, 'slice', function (this: ArrayBuffer, from?: number, to?: number): ArrayBuffer {
      const end = Math.min(to ?? this.byteLength, this.byteLength);
      take(NUMBER_BYTES + Math.max(0, end - (from ?? 0)));
      return slice.call(this, from, to);
    });
  }

  /** At each crossing: what was read before is done with. @param bytes that may be read until the next */
  begin(bytes = this.#bytes): void {
    this.#bytes = bytes;
    this.#left = bytes;
  }

  #take(bytes: number): void {
    this.#left -= bytes;
    if (this.#left >= 0) return;
    throw new ClocheError(
      'OUTPUT_TOO_LARGE',
      `the plugin handed over more than ${this.#bytes} bytes of values at once, which \`exchangeBytes\` limits`,
    );
  }
}

function define(prototype: object, name: string, value: CallableFunction): void {
  Object.defineProperty(prototype, name, { value });
}
