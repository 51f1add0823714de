// JavaScript's view of the kernel: moves bytes in and out of its memory. The kernel itself is `kernel.wat`.

import { ClocheError } from '../../../src/errors.ts';
import { LOG_LEVELS } from '../../../src/runtime/wire/log-level.ts';
import type { LogLevel } from '../../../src/runtime/wire/protocol.ts';

/** What `kernel.wat` exports for the host; the guest sees only the functions of `extism:host/env`. */
interface KernelExports {
  readonly memory: WebAssembly.Memory;
  readonly log_level: WebAssembly.Global<'i32'>;
  alloc_i32(size: number): number;
  length_i32(offset: number): number;
  input_set_i32(offset: number, size: number): void;
  output_ptr(): number;
  output_len(): number;
  error_ptr(): number;
  error_len(): number;
  peak(): number;
  refused(): number;
  lost(): number;
  require_block(offset: bigint): void;
  begin(): void;
  reset(): void;
}

/** Above each level that there is. */
const LOG_OFF = 0x7fff_ffff;

/** What the kernel's numbers for a loss mean. */
const LOSSES = [undefined, 'block', 'output'] as const;

/** Longest error text that leaves the worker, in bytes. */
const ERROR_TEXT_BYTES = 65_536;

export class Kernel {
  readonly #exports: KernelExports;
  /** Most bytes that the last call had in use at once, headers of blocks included. */
  peak = 0;

  constructor(instance: WebAssembly.Instance, logLevel: LogLevel | 'off') {
    this.#exports = instance.exports as unknown as KernelExports;
    this.#exports.log_level.value = logLevel === 'off' ? LOG_OFF : LOG_LEVELS.indexOf(logLevel);
  }

  /** Clears everything of the last call and stores the input. */
  begin(input: Uint8Array): void {
    this.#exports.begin();
    if (input.length === 0) return;
    this.#exports.input_set_i32(this.store(input), input.length);
  }

  end(): void {
    this.peak = this.#exports.peak() >>> 0;
    this.#exports.reset();
  }

  /** Bytes of the last allocation that was refused since the call began, 0 for none. */
  get refusedBytes(): number {
    return this.#exports.refused() >>> 0;
  }

  /** What the call lost for want of memory: the guest went on with a block that it was refused. */
  get lost(): 'block' | 'output' | undefined {
    return LOSSES[this.#exports.lost()];
  }

  /**
   * Called before a guest's argument is read as a block.
   * @throws {WebAssembly.RuntimeError} where it stands for a block that was refused; then {@link lost} says so.
   */
  requireBlock(offset: bigint): void {
    this.#exports.require_block(offset);
  }

  /** A copy of `length` bytes at `offset`, which the kernel has checked. */
  copy(offset: number, length: number): Uint8Array {
    return new Uint8Array(this.#exports.memory.buffer, offset, length).slice();
  }

  text(offset: number, length: number): string {
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(this.copy(offset, length));
  }

  /**
   * The bytes of the block at an offset that a guest gave as an argument; null for offset 0.
   * @throws {WebAssembly.RuntimeError} when no block starts there.
   */
  block(offset: bigint): Uint8Array | null {
    if (offset === 0n) return null;
    const length = this.#lengthAt(offset);
    if (length === 0) throw new WebAssembly.RuntimeError(`invalid handle offset: ${BigInt.asUintN(64, offset)}`);
    return this.copy(Number(offset), length);
  }

  /** Whether {@link block} reads this offset. */
  has(offset: bigint): boolean {
    return offset === 0n || this.#lengthAt(offset) > 0;
  }

  /**
   * Puts bytes into a new block that belongs to the guest. No bytes make no block: 0.
   * @throws {ClocheError} OUT_OF_MEMORY when they do not fit within `exchangeBytes`.
   */
  store(bytes: Uint8Array): number {
    if (bytes.length === 0) return 0;
    const offset = this.#exports.alloc_i32(bytes.length) >>> 0;
    if (offset === 0) {
      throw new ClocheError('OUT_OF_MEMORY', `${bytes.length} bytes do not fit into what is left of \`exchangeBytes\``);
    }
    new Uint8Array(this.#exports.memory.buffer, offset, bytes.length).set(bytes);
    return offset;
  }

  output(): Uint8Array {
    return this.copy(this.#exports.output_ptr() >>> 0, this.#exports.output_len() >>> 0);
  }

  /** What `error_set` last said, even when its block was freed since; undefined when there is none. */
  errorText(): string | undefined {
    const offset = this.#exports.error_ptr() >>> 0;
    if (offset === 0) return undefined;
    return this.text(offset, Math.min(this.#exports.error_len() >>> 0, ERROR_TEXT_BYTES));
  }

  /** 0 where no block starts. */
  #lengthAt(offset: bigint): number {
    const start = BigInt.asUintN(64, offset);
    return start < 0x1_0000_0000n ? this.#exports.length_i32(Number(start) | 0) : 0;
  }
}
