// What is known of the imports and exports of a plugin: told by a worker, which has read the modules, or stored by an earlier
// page and only assumed. A worker that is asked to start what was assumed compares first, and starts nothing else.

import { factsText } from '../wire/module-facts.ts';
import type { ModuleFacts } from '../wire/protocol.ts';
import { MalformedAnswer, readFacts } from '../wire/read-answers.ts';
import type { ModuleFiles } from './module-files.ts';

export class KnownFacts {
  #modules: readonly ModuleFacts[] | undefined;
  #isProven = false;

  get modules(): readonly ModuleFacts[] | undefined {
    return this.#modules;
  }

  /** Whether a worker has told them. */
  get areProven(): boolean {
    return this.#isProven;
  }

  /** For a worker to compare; null where there is nothing to compare. */
  get assumed(): string | null {
    return this.#modules && !this.#isProven ? factsText(this.#modules) : null;
  }

  /** Takes over what is stored, of all modules or of none. */
  assume(modules: readonly { readonly name: string; readonly sha256: string }[], { facts }: ModuleFiles): void {
    if (this.#modules) return;
    try {
      const stored = modules.map(({ name, sha256 }) => facts.has(sha256) && { ...Object(facts.get(sha256)), name });
      if (stored.every((one) => one !== false)) this.#modules = stored.map(readFacts);
    } catch (thrown) {
      // Altered, or of another version: as if nothing was stored.
      if (!(thrown instanceof MalformedAnswer)) throw thrown;
    }
  }

  /** A worker has told them. @returns whether that is news */
  prove(modules: readonly ModuleFacts[]): boolean {
    const isNews = !this.#modules || factsText(this.#modules) !== factsText(modules);
    this.#modules = modules;
    this.#isProven = true;
    return isNews;
  }

  /** The modules may be others now. */
  forget(): void {
    this.#modules = undefined;
    this.#isProven = false;
  }
}
