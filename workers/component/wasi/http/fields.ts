// `fields` of `wasi:http`: headers, of which a name may have several.
// https://github.com/WebAssembly/WASI/blob/main/proposals/http/wit/types.wit

import { failure } from '../errors.ts';

type Entry = readonly [name: string, value: Uint8Array];

/** What a request may carry is checked by the page; these keep a guest from filling the worker. */
const MOST_ENTRIES = 1_000;
const MOST_BYTES = 1 << 20;
/** https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2 */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

export class Fields {
  #entries: Entry[] = [];
  #isFrozen = false;

  static fromList(entries: readonly Entry[]): Fields {
    const fields = new Fields();
    for (const [name, value] of entries) fields.append(name, value);
    return fields;
  }

  get(name: string): Uint8Array[] {
    const asked = name.toLowerCase();
    return this.#entries.filter(([one]) => one.toLowerCase() === asked).map(([, value]) => value);
  }

  has(name: string): boolean {
    return this.get(name).length > 0;
  }

  set(name: string, values: readonly Uint8Array[]): void {
    this.delete(name);
    for (const value of values) this.append(name, value);
  }

  delete(name: string): void {
    this.#assertMutable();
    const asked = checkedName(name).toLowerCase();
    this.#entries = this.#entries.filter(([one]) => one.toLowerCase() !== asked);
  }

  append(name: string, value: Uint8Array): void {
    this.#assertMutable();
    checkedName(name);
    // No line ends, and no zero: https://www.rfc-editor.org/rfc/rfc9110#section-5.5
    if (value.some((byte) => byte === 0 || byte === 10 || byte === 13)) throw failure({ tag: 'invalid-syntax' });
    const bytes = this.#entries.reduce((sum, [one, held]) => sum + one.length + held.length, 0);
    if (this.#entries.length >= MOST_ENTRIES || bytes + name.length + value.length > MOST_BYTES) {
      throw failure({ tag: 'forbidden' });
    }
    this.#entries.push([name, value.slice()]);
  }

  entries(): Entry[] {
    return [...this.#entries];
  }

  clone(): Fields {
    const copy = new Fields();
    copy.#entries = [...this.#entries];
    return copy;
  }

  /** Those of a message are not to be changed any more. */
  frozen(): Fields {
    this.#isFrozen = true;
    return this;
  }

  /** As text, several of one name joined, as one line may stand for them. */
  texts(): Record<string, string> {
    const texts: Record<string, string> = Object.create(null) as Record<string, string>;
    for (const [name, value] of this.#entries) {
      const key = name.toLowerCase();
      const text = new TextDecoder('latin1').decode(value);
      texts[key] = texts[key] === undefined ? text : `${texts[key]}, ${text}`;
    }
    return texts;
  }

  #assertMutable(): void {
    if (this.#isFrozen) throw failure({ tag: 'immutable' });
  }
}

function checkedName(name: string): string {
  if (TOKEN.test(name)) return name;
  throw failure({ tag: 'invalid-syntax' });
}
