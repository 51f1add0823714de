// Reads the type of a component's function as the host prints it: `func(a: option<u32>) -> result<_, string>`, with every type in
// its place. The text comes out of a plugin's binary, so whatever is not of this form is no type, and nothing deep or large is one.

import { PRIMITIVES, type Primitive } from '../../../workers/component/world/wit-types.ts';

export type Wit =
  | { readonly kind: Primitive }
  | { readonly kind: 'record' | 'variant'; readonly parts: readonly Part[] }
  | { readonly kind: 'flags' | 'enum'; readonly names: readonly string[] }
  | { readonly kind: 'list' | 'option'; readonly of: Wit }
  | { readonly kind: 'tuple'; readonly items: readonly Wit[] }
  | { readonly kind: 'result'; readonly ok: Wit | undefined; readonly err: Wit | undefined }
  | { readonly kind: 'own' | 'borrow'; readonly resource: string };

/** A field of a record, a case of a variant, a parameter. */
export interface Part {
  readonly name: string;
  /** Undefined for a case without a value. */
  readonly type: Wit | undefined;
}

export interface WitFunction {
  readonly params: readonly { readonly name: string; readonly type: Wit }[];
  readonly result: Wit | undefined;
}

/** A form of more than this nobody fills in. */
const MOST_DEPTH = 16;
const MOST_TYPES = 400;

/** @returns undefined for what is not a function of a component, or one that is too large for a form */
export function parseFunction(text: string): WitFunction | undefined {
  try {
    return new Parser(text).function();
  } catch (thrown) {
    if (thrown instanceof NotAType) return undefined;
    throw thrown;
  }
}

class NotAType extends Error {}

const TOKEN = /\s*(->|[(){}<>:,_]|[A-Za-z][A-Za-z0-9-]*)/y;
const NAME = /^[A-Za-z]/;

class Parser {
  readonly #tokens: readonly string[];
  #at = 0;
  #types = 0;

  constructor(text: string) {
    const tokens: string[] = [];
    TOKEN.lastIndex = 0;
    for (let end = 0; end < text.length; end = TOKEN.lastIndex) {
      const [, token] = TOKEN.exec(text) ?? [];
      if (token === undefined) throw new NotAType();
      tokens.push(token);
    }
    this.#tokens = tokens;
  }

  function(): WitFunction {
    this.#expect('func');
    this.#expect('(');
    const params = this.#list(')', () => {
      const name = this.#name();
      this.#expect(':');
      return { name, type: this.#type(1) };
    });
    const result = this.#skip('->') ? this.#type(1) : undefined;
    if (this.#at !== this.#tokens.length) throw new NotAType();
    return { params, result };
  }

  #type(depth: number): Wit {
    this.#types += 1;
    if (depth > MOST_DEPTH || this.#types > MOST_TYPES) throw new NotAType();
    const kind = this.#name();
    const inner = (): Wit => this.#type(depth + 1);
    switch (kind) {
      case 'record':
      case 'variant':
        this.#expect('{');
        return { kind, parts: this.#list('}', () => (kind === 'record' ? this.#field(inner) : this.#case(inner))) };
      case 'flags':
      case 'enum':
        this.#expect('{');
        return { kind, names: this.#list('}', () => this.#name()) };
      case 'list':
      case 'option':
        return { kind, of: this.#angled(inner) };
      case 'tuple':
        this.#expect('<');
        return { kind, items: this.#list('>', inner) };
      case 'own':
      case 'borrow':
        return { kind, resource: this.#angled(() => this.#name()) };
      case 'result':
        return this.#peek() === '<' ? this.#result(inner) : { kind, ok: undefined, err: undefined };
      default: {
        const found = PRIMITIVES.find((one) => one === kind);
        if (!found) throw new NotAType();
        return { kind: found };
      }
    }
  }

  #field(inner: () => Wit): Part {
    const name = this.#name();
    this.#expect(':');
    return { name, type: inner() };
  }

  #case(inner: () => Wit): Part {
    const name = this.#name();
    if (!this.#skip('(')) return { name, type: undefined };
    const type = inner();
    this.#expect(')');
    return { name, type };
  }

  #result(inner: () => Wit): Wit {
    return this.#angled(() => {
      const ok = this.#skip('_') ? undefined : inner();
      return { kind: 'result', ok, err: this.#skip(',') ? inner() : undefined };
    });
  }

  #angled<T>(read: () => T): T {
    this.#expect('<');
    const found = read();
    this.#expect('>');
    return found;
  }

  #list<T>(end: string, read: () => T): T[] {
    const items: T[] = [];
    while (!this.#skip(end)) {
      if (items.length > 0) this.#expect(',');
      items.push(read());
    }
    return items;
  }

  #name(): string {
    const token = this.#peek() ?? '';
    if (!NAME.test(token)) throw new NotAType();
    this.#at += 1;
    return token;
  }

  #skip(token: string): boolean {
    if (this.#peek() !== token) return false;
    this.#at += 1;
    return true;
  }

  #expect(token: string): void {
    if (!this.#skip(token)) throw new NotAType();
  }

  #peek(): string | undefined {
    return this.#tokens[this.#at];
  }
}
