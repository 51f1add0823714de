// How much of everything a component may have, counted while its types are gone through: what is nested can double with each level.

import type { WasmReader } from '../../wasm/reader.ts';
import type { MemoryOf } from './scope.ts';

/** Components that are instantiated, each as often as it is. */
const MOST_INSTANTIATED = 200;
/** Engines take a while for each. Real ones have some ten. */
const MOST_CORE_INSTANCES = 200;
/** What one plugin takes of the engine's room, others do not get: see `compile-modules.ts`. */
const MOST_MEMORIES = 8;
/** In one section, or another list. */
export const MOST_ITEMS = 20_000;

export class WorldBudget {
  #instantiated = 0;
  #coreInstances = 0;
  #memories = 0;
  #initialPages = 0;
  #items = 0;

  /** All that its core instances have together. */
  get memories(): MemoryOf {
    return { count: this.#memories, initialPages: this.#initialPages };
  }

  component(reader: WasmReader): void {
    this.#instantiated += 1;
    if (this.#instantiated > MOST_INSTANTIATED) {
      throw reader.fail(`Expected at most ${MOST_INSTANTIATED} components to be instantiated`);
    }
  }

  /** All together: sections may be many, and components be instantiated more than once. */
  item(reader: WasmReader): void {
    this.#items += 1;
    if (this.#items > MOST_ITEMS * 5) throw reader.fail(`Expected at most ${MOST_ITEMS * 5} items in a component`);
  }

  coreInstance(reader: WasmReader, { count, initialPages }: MemoryOf): void {
    this.#coreInstances += 1;
    this.#memories += count;
    this.#initialPages += initialPages;
    if (this.#coreInstances > MOST_CORE_INSTANCES) {
      throw reader.fail(`Expected at most ${MOST_CORE_INSTANCES} core instances`);
    }
    if (this.#memories > MOST_MEMORIES)
      throw reader.fail(`Expected at most ${MOST_MEMORIES} memories in all core instances`);
  }
}
