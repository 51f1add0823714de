// What one template may cost: it is a plugin's, and is filled in while the page waits.

/** Characters of what it gives. */
const MOST_OUTPUT = 1 << 20;
/** Statements and expressions, and for each so many characters that are looked at one more. */
const MOST_STEPS = 200_000;
const CHARACTERS_A_STEP = 32;
/** Blocks within blocks, and calls within calls. */
export const MOST_DEPTH = 100;

/** @throws {Error} from each of its functions, with the sentence that the plugin hears */
export class Budget {
  #steps = 0;
  #output = 0;
  #depth = 0;

  /** @param characters that are looked at besides */
  step(characters = 0): void {
    this.#steps += 1 + Math.floor(characters / CHARACTERS_A_STEP);
    if (this.#steps > MOST_STEPS) throw new Error(`The template takes more than ${MOST_STEPS} steps`);
  }

  write(text: string): string {
    this.step(text.length);
    this.#output += text.length;
    if (this.#output > MOST_OUTPUT) throw new Error(`The template gives more than ${MOST_OUTPUT} characters`);
    return text;
  }

  within<T>(run: () => T): T {
    this.#depth += 1;
    if (this.#depth > MOST_DEPTH) throw new Error(`The template is more than ${MOST_DEPTH} levels deep`);
    try {
      return run();
    } finally {
      this.#depth -= 1;
    }
  }
}
