// Arrays as PostgreSQL writes them, such as `{1,NULL,"a,b"}`. https://www.postgresql.org/docs/18/arrays.html#ARRAYS-IO

export type ArrayItem = string | null | readonly ArrayItem[];

/** No array of PostgreSQL has more dimensions. */
const MOST_DEPTH = 6;

/** Undefined for what is not one. */
export function arrayItems(text: string): readonly ArrayItem[] | undefined {
  // Those that do not begin with 1 say so.
  const start = /^(?:\[-?\d+:-?\d+\])+=/.exec(text)?.[0].length ?? 0;
  const reader = new ArrayReader(text, start);
  const items = reader.list(1);
  return reader.isAtEnd ? items : undefined;
}

class ArrayReader {
  readonly #text: string;
  #at: number;

  constructor(text: string, at: number) {
    this.#text = text;
    this.#at = at;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#text.length;
  }

  list(depth: number): readonly ArrayItem[] | undefined {
    if (depth > MOST_DEPTH || !this.#take('{')) return undefined;
    const items: ArrayItem[] = [];
    if (this.#take('}')) return items;
    do {
      const item = this.#text[this.#at] === '{' ? this.list(depth + 1) : this.#scalar();
      if (item === undefined) return undefined;
      items.push(item);
    } while (this.#take(','));
    return this.#take('}') ? items : undefined;
  }

  #scalar(): string | null | undefined {
    if (this.#take('"')) return this.#quoted();
    const plainText = /[^,{}"\\]+/y;
    plainText.lastIndex = this.#at;
    const [plain = ''] = plainText.exec(this.#text) ?? [];
    if (plain === '') return undefined;
    this.#at += plain.length;
    return plain === 'NULL' ? null : plain;
  }

  #quoted(): string | undefined {
    let value = '';
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at++];
      if (character === '"') return value;
      value += character === '\\' ? (this.#text[this.#at++] ?? '') : character;
    }
    return undefined;
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }
}
