// The memory of a guest, from outside. Pointers and lengths are claims of the guest: checked, then used, and what is read is copied.

import { trap } from '../../src/runtime/wire/abi/trap.ts';

/** What the glue of a guest's own library hands out of its memory, as far as it has that. */
interface MemoryExports {
  readonly memory: WebAssembly.Memory;
  readonly alloc: CallableFunction | undefined;
  readonly save: CallableFunction | undefined;
  readonly restore: CallableFunction | undefined;
}

/** How far the stack reached; undefined for a guest without one. */
export type Mark = bigint | undefined;

const UNBOUND = 'the host was called before the guest had a memory';

export class Memory {
  #exports: MemoryExports | undefined;

  /** Takes over the exports of an instance. @throws {WebAssembly.RuntimeError} for one without a memory */
  bind({ exports }: WebAssembly.Instance): void {
    const { memory } = exports;
    if (!(memory instanceof WebAssembly.Memory)) throw trap('the guest exports no `memory`');
    this.#exports = {
      memory,
      alloc: functionOf(exports.mem_stack_alloc),
      save: functionOf(exports.mem_stack_save),
      restore: functionOf(exports.mem_stack_restore),
    };
  }

  get byteLength(): number {
    return this.#exports?.memory.buffer.byteLength ?? 0;
  }

  has(at: number, length: number): boolean {
    return (at >>> 0) + length <= this.byteLength;
  }

  /** A copy. @throws {WebAssembly.RuntimeError} where that is not all in memory */
  read(at: number, length: number, what: string): Uint8Array<ArrayBuffer> {
    return this.#bytes(at, length, what).slice();
  }

  /** @throws {WebAssembly.RuntimeError} where that is not all in memory */
  write(at: number, bytes: Uint8Array, what: string): void {
    this.#bytes(at, bytes.length, what).set(bytes);
  }

  /** For numbers, which have no copy to make. Good until the guest runs again. @throws {WebAssembly.RuntimeError} */
  view(at: number, length: number, what: string): DataView<ArrayBuffer> {
    const { buffer, byteOffset } = this.#bytes(at, length, what);
    return new DataView(buffer, byteOffset, length);
  }

  /**
   * Bytes that are the host's until the mark is restored. Runs the guest, also while it is suspended: whatever view of the memory
   * was there is stale afterwards.
   * @throws {WebAssembly.RuntimeError}
   */
  alloc(length: number): number {
    if (length === 0) return 0;
    const { alloc } = this.#bound;
    if (!alloc) throw trap('the guest exports no `mem_stack_alloc`, which a result of several bytes needs');
    const at: unknown = alloc(length, 4);
    if (typeof at !== 'number') throw trap('`mem_stack_alloc` gave no pointer');
    this.#bytes(at, length, '`mem_stack_alloc`');
    return at >>> 0;
  }

  /** @returns where a copy lies, which is nowhere where there is nothing to copy */
  place(bytes: Uint8Array): readonly [at: number, length: number] {
    const at = this.alloc(bytes.length);
    if (bytes.length > 0) this.write(at, bytes, '`mem_stack_alloc`');
    return [at, bytes.length];
  }

  save(): Mark {
    const mark: unknown = this.#bound.save?.();
    return typeof mark === 'bigint' ? mark : undefined;
  }

  restore(mark: Mark): void {
    if (mark !== undefined) this.#bound.restore?.(mark);
  }

  get #bound(): MemoryExports {
    if (!this.#exports) throw trap(UNBOUND);
    return this.#exports;
  }

  #bytes(at: number, length: number, what: string): Uint8Array<ArrayBuffer> {
    const { buffer } = this.#bound.memory;
    const [from, count] = [at >>> 0, length >>> 0];
    if (from + count > buffer.byteLength) {
      throw trap(`${what}: ${count} bytes at ${from} are not in the guest's memory of ${buffer.byteLength}`);
    }
    return new Uint8Array(buffer as ArrayBuffer, from, count);
  }
}

function functionOf(value: unknown): CallableFunction | undefined {
  return typeof value === 'function' ? value : undefined;
}
