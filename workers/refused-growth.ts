// What the memories of a plugin were refused in a call: see `wasm/growth.ts` for how that is known.

import type { ModuleLimits } from '../src/runtime/wire/protocol.ts';
import { PAGE_BYTES } from '../src/runtime/wire/wasm-page.ts';
import { REFUSED_PAGES } from './wasm/growth.ts';

export class RefusedGrowth {
  readonly #instances: ReadonlyMap<WebAssembly.Module, WebAssembly.Instance>;

  /** @param instances may become more */
  constructor(instances: ReadonlyMap<WebAssembly.Module, WebAssembly.Instance>) {
    this.#instances = instances;
  }

  /** Forgets what was refused before. */
  begin(): void {
    for (const global of this.#globals()) global.value = 0;
  }

  /** The last that a guest asked for, if it did not get it, and the cap. A guest that then made do with less is fine. */
  refusal({ memoryPages, growthPages }: ModuleLimits): string | undefined {
    const pages = Math.max(0, ...this.#globals().map(({ value }) => value >>> 0));
    if (pages === 0) return undefined;
    const growth = growthPages < memoryPages ? ` and \`growthPages\` to ${growthPages} pages more` : '';
    return (
      `${pages * PAGE_BYTES} bytes more of memory were refused, which \`memoryBytes\` limits to ` +
      `${memoryPages * PAGE_BYTES}${growth}`
    );
  }

  #globals(): WebAssembly.Global<'i32'>[] {
    return [...this.#instances.values()].flatMap(({ exports }) => {
      const global = exports[REFUSED_PAGES];
      return global instanceof WebAssembly.Global ? [global as WebAssembly.Global<'i32'>] : [];
    });
  }
}
