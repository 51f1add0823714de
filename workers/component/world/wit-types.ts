// What a component imports and exports, as data that crosses and is stored: types are numbered, since one may stand in many places.

/** In the order of their codes, down from 0x7f. */
export const PRIMITIVES = [
  'bool',
  's8',
  'u8',
  's16',
  'u16',
  's32',
  'u32',
  's64',
  'u64',
  'f32',
  'f64',
  'char',
  'string',
] as const;
export type Primitive = (typeof PRIMITIVES)[number];

/** Lowest and highest of each integer. */
export const RANGES: Partial<Record<Primitive, readonly [lowest: bigint, highest: bigint]>> = {
  s8: [-0x80n, 0x7fn],
  u8: [0n, 0xffn],
  s16: [-0x8000n, 0x7fffn],
  u16: [0n, 0xffffn],
  s32: [-0x8000_0000n, 0x7fff_ffffn],
  u32: [0n, 0xffff_ffffn],
  s64: [-(2n ** 63n), 2n ** 63n - 1n],
  u64: [0n, 2n ** 64n - 1n],
};

/** A primitive by its name, any other by its place in {@link World.types}. */
export type TypeRef = Primitive | number;

export type WitType =
  | { readonly kind: 'record'; readonly fields: readonly (readonly [name: string, type: TypeRef])[] }
  | { readonly kind: 'variant'; readonly cases: readonly (readonly [name: string, type: TypeRef | null])[] }
  | { readonly kind: 'list' | 'option'; readonly of: TypeRef }
  | { readonly kind: 'tuple'; readonly of: readonly TypeRef[] }
  | { readonly kind: 'flags' | 'enum'; readonly names: readonly string[] }
  | { readonly kind: 'result'; readonly ok: TypeRef | null; readonly err: TypeRef | null }
  /** A handle; resources are numbered. */
  | { readonly kind: 'own' | 'borrow'; readonly resource: number };

export interface WitFunction {
  readonly name: string;
  readonly params: readonly (readonly [name: string, type: TypeRef])[];
  readonly result: TypeRef | null;
}

/** Functions under one name, such as `wasi:io/streams@0.2.0`; those of the world itself under the empty one. */
export interface WitInterface {
  readonly name: string;
  readonly functions: readonly WitFunction[];
  /** Names of the resources that it has, or uses of another. */
  readonly resources: readonly string[];
}

export interface World {
  readonly types: readonly WitType[];
  readonly imports: readonly WitInterface[];
  readonly exports: readonly WitInterface[];
  /** Memories of all core instances together, and the pages that these start with. */
  readonly memories: { readonly count: number; readonly initialPages: number };
}

/** How much of a type is printed: one that names another twice doubles with each level. */
const MOST_LENGTH = 4_000;

/** As WIT writes it, with every type in its place: `func(a: option<u32>) -> result<_, string>`. */
export function printFunction({ params, result }: WitFunction, types: readonly WitType[]): string {
  const printer = new Printer(types);
  const list = params.map(([name, type]) => printer.field(name, type)).join(', ');
  return result === null ? `func(${list})` : `func(${list}) -> ${printer.type(result)}`;
}

class Printer {
  readonly #types: readonly WitType[];
  #left = MOST_LENGTH;

  constructor(types: readonly WitType[]) {
    this.#types = types;
  }

  field(name: string, type: TypeRef): string {
    return `${this.#taken(name)}: ${this.type(type)}`;
  }

  type(ref: TypeRef): string {
    if (this.#left <= 0) return '…';
    if (typeof ref === 'string') return this.#taken(ref);
    const type = this.#types[ref];
    if (!type) return '…';
    this.#left -= type.kind.length;
    switch (type.kind) {
      case 'record':
        return `record { ${this.#each(type.fields, ([name, of]) => this.field(name, of))} }`;
      case 'variant':
        return `variant { ${this.#each(type.cases, ([name, of]) => this.#case(name, of))} }`;
      case 'flags':
      case 'enum':
        return `${type.kind} { ${this.#each(type.names, (name) => this.#taken(name))} }`;
      case 'own':
      case 'borrow':
        return `${type.kind}<resource-${type.resource}>`;
      case 'result':
        return this.#result(type.ok, type.err);
      case 'tuple':
        return `tuple<${this.#each(type.of, (of) => this.type(of))}>`;
      case 'list':
      case 'option':
        return `${type.kind}<${this.type(type.of)}>`;
    }
  }

  /** Whatever comes after the last that has room is left out. */
  #each<T>(items: readonly T[], print: (item: T) => string): string {
    const printed: string[] = [];
    for (const item of items) {
      printed.push(this.#left > 0 ? print(item) : '…');
      if (this.#left <= 0) break;
    }
    return printed.join(', ');
  }

  #case(name: string, of: TypeRef | null): string {
    return of === null ? this.#taken(name) : `${this.#taken(name)}(${this.type(of)})`;
  }

  #result(ok: TypeRef | null, err: TypeRef | null): string {
    if (ok === null && err === null) return 'result';
    const value = ok === null ? '_' : this.type(ok);
    return err === null ? `result<${value}>` : `result<${value}, ${this.type(err)}>`;
  }

  #taken(text: string): string {
    this.#left -= text.length;
    return text;
  }
}
