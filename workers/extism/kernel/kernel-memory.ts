// The kernel's memory, which outlives its instances. For each memory an engine sets aside gigabytes of addresses, 8 GiB of the
// terabyte that a process of Chromium has, and gives them back when it collects garbage: never, in a worker that is idle.

import { PAGE_BYTES } from '../../../src/runtime/wire/wasm-page.ts';
import { KERNEL_NAMESPACE } from '../namespaces.ts';
import { compileKernel } from './kernel-module.ts';

/** What `kernel.wat` declares. */
const MOST_PAGES = 16_384;

type Imports = Record<string, WebAssembly.ImportValue>;

export class KernelMemory {
  #memory: WebAssembly.Memory | undefined;
  #pages = 0;
  #last: WebAssembly.Instance | undefined;

  /**
   * A kernel with a memory of `exchangeBytes`, and one page for what it keeps beside the blocks. The one before must not be
   * used any more: this one takes its memory, emptied.
   */
  async newKernel(exchangeBytes: number, imports: Imports): Promise<WebAssembly.Instance> {
    const memory = this.#emptied(Math.min(Math.ceil(exchangeBytes / PAGE_BYTES) + 1, MOST_PAGES));
    const module = await compileKernel();
    this.#last = await WebAssembly.instantiate(module, { [KERNEL_NAMESPACE]: { ...imports, memory } });
    return this.#last;
  }

  #emptied(pages: number): WebAssembly.Memory {
    if (this.#memory && this.#pages === pages) {
      // Of its instances only the last has written there since it was emptied.
      if (this.#last) (this.#last.exports.reset as () => void)();
      return this.#memory;
    }
    this.#memory = new WebAssembly.Memory({ initial: 1, maximum: pages });
    this.#pages = pages;
    return this.#memory;
  }
}
