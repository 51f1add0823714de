/** Compiled modules that are kept at most: more than may live at once, so that a kill costs no compiling. */
const MOST_KEPT = 128;

/** Keys of the compiled modules that are kept; those asked for least recently go first. */
export class RecentKeys {
  readonly #keys = new Set<string>();

  /** Being asked for keeps a key longer. */
  has(key: string): boolean {
    if (!this.#keys.delete(key)) return false;
    this.#keys.add(key);
    return true;
  }

  /** @returns those that have to go for them */
  add(keys: readonly string[]): string[] {
    for (const key of keys) this.#keys.add(key);
    const evicted = [...this.#keys].slice(0, Math.max(0, this.#keys.size - MOST_KEPT));
    for (const key of evicted) this.#keys.delete(key);
    return evicted;
  }
}
