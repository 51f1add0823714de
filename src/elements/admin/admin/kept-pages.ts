// Which pages of plugins stay open behind the chosen one, so that a look at another loses nothing that was typed.

/** Behind the chosen one. */
const MOST_KEPT = 4;

export class KeptPages {
  /** Keys of the pages that are open, the latest shown last. */
  #recent: readonly string[] = [];

  /**
   * @param keys of the pages that there are
   * @param chosen key of the one that is shown; undefined for none
   */
  choose(keys: readonly string[], chosen: string | undefined): void {
    const others = this.#recent.filter((key) => keys.includes(key) && key !== chosen);
    this.#recent = chosen === undefined ? others : [...others.slice(-MOST_KEPT), chosen];
  }

  /** Those that are open, always in the order of their keys: a frame that is moved in the document would load anew. */
  of<Page extends { readonly key: string }>(pages: readonly Page[]): Page[] {
    return [...this.#recent].sort().flatMap((key) => pages.find((page) => page.key === key) ?? []);
  }
}
