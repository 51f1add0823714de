// Random modules, mostly valid: types of every proposal, numbers in long forms, now and then a broken byte.

import { leb, module, signedLeb, vector } from './wasm-maker.ts';

/** Whole numbers below `below`, the same ones for the same seed (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  below(below: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  }

  one<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T;
  }

  /** Whether something happens that happens once in `times`. */
  once(times: number): boolean {
    return this.below(times) === 0;
  }

  many<T>(most: number, make: (index: number) => T): T[] {
    return Array.from({ length: this.below(most + 1) }, (_, index) => make(index));
  }
}

const NUMERIC = [0x7f, 0x7e, 0x7d, 0x7c, 0x7b];
const ABSTRACT = [0x74, 0x73, 0x72, 0x71, 0x70, 0x6f, 0x6e, 0x6d, 0x6c, 0x6b, 0x6a, 0x69];
const FUNC = 0x70;
const END = 0x0b;

/** A module whose tables, memories, globals, tags and functions are all exported, in any case as it was meant to be. */
export function randomModule(random: Random): Uint8Array<ArrayBuffer> {
  const bytes = new Maker(random).make();
  return random.once(4) ? broken(bytes, random) : bytes;
}

function broken(bytes: Uint8Array<ArrayBuffer>, random: Random): Uint8Array<ArrayBuffer> {
  const all = [...bytes];
  const at = 8 + random.below(all.length - 8);
  const value = random.once(2) ? random.below(256) : random.one([...ABSTRACT, 0x80, 0xff, 0x40, 0x63, 0x64, 0, 1]);
  random.one([
    () => all.splice(at, 1, value),
    () => all.splice(at, 1, (all[at] ?? 0) ^ (1 << random.below(8))),
    () => all.splice(at, 0, value),
    () => all.splice(at, 1),
  ])();
  return Uint8Array.from(all);
}

class Maker {
  readonly #random: Random;
  #types = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  make(): Uint8Array<ArrayBuffer> {
    const random = this.#random;
    const types = this.#typeSection();
    const functions = random.many(2, () => this.#index(this.#types));
    const tables = random.many(2, () => this.#table(functions.length > 0));
    const memories = random.once(2) ? [this.#limits(6)] : [];
    const tags = random.many(2, () => [0, ...this.#index(this.#types)]);
    const globals = random.many(3, () => this.#global(functions.length > 0));
    const exports = [functions, tables, memories, globals, tags].flatMap((items, kind) =>
      items.map((_, index) => ({ kind, index })),
    );
    const named = exports.map(({ kind, index }, i) => [...this.#name(`${i}`), kind, ...this.#unsigned(index)]);
    return module(
      this.#custom(),
      this.#section(1, types),
      this.#section(3, functions),
      this.#section(4, tables),
      this.#custom(),
      this.#section(5, memories),
      this.#section(13, tags),
      this.#section(6, globals),
      this.#section(7, named),
      random.once(4) ? this.#section(12, undefined, this.#unsigned(0)) : [],
      this.#section(
        10,
        functions.map(() => this.#body()),
      ),
      this.#custom(),
    );
  }

  #section(id: number, items: readonly number[][] | undefined, contents?: number[]): number[] {
    if (items?.length === 0 && !this.#random.once(10)) return [];
    const inside = contents ?? [...this.#unsigned(items?.length ?? 0), ...(items ?? []).flat()];
    return [id, ...this.#unsigned(inside.length), ...inside];
  }

  #custom(): number[] {
    return this.#random.once(6) ? this.#section(0, undefined, [...this.#name('x'), 1, 2, 3]) : [];
  }

  #name(text: string): number[] {
    const bytes = [...new TextEncoder().encode(text)];
    return [...this.#unsigned(bytes.length), ...bytes];
  }

  /** Function types first and foremost, some in groups, some with a supertype, few of them garbage-collected. */
  #typeSection(): number[][] {
    const random = this.#random;
    const count = 1 + random.below(3);
    return Array.from({ length: count }, () => {
      if (!random.once(5)) return this.#type();
      const members = random.many(2, () => this.#type());
      return [0x4e, ...this.#unsigned(members.length), ...members.flat()];
    });
  }

  #type(): number[] {
    const random = this.#random;
    const inside = random.once(60)
      ? random.one([() => [0x5f, 1, ...this.#valueType(), 0], () => [0x5e, ...this.#valueType(), 1]])()
      : [0x60, ...this.#values(3), ...this.#values(2)];
    const head = random.once(8)
      ? [random.one([0x50, 0x4f]), ...(random.once(2) ? [0] : [1, ...this.#index(this.#types)])]
      : [];
    this.#types += 1;
    return [...head, ...inside];
  }

  #values(most: number): number[] {
    const values = this.#random.many(most, () => this.#valueType());
    return [...this.#unsigned(values.length), ...values.flat()];
  }

  #valueType(): number[] {
    const random = this.#random;
    if (random.once(2)) return [random.one(NUMERIC)];
    return random.once(2) ? [random.one(ABSTRACT)] : this.#reference();
  }

  #reference(heap = this.#heapType()): number[] {
    return [this.#random.one([0x63, 0x63, 0x64]), ...heap];
  }

  #heapType(): number[] {
    const random = this.#random;
    if (random.once(3)) return this.#signed(random.below(Math.max(1, this.#types)));
    return this.#signed(random.one(ABSTRACT) - 0x80);
  }

  #table(hasFunctions: boolean): number[] {
    const random = this.#random;
    const heap = this.#heapType();
    const type = random.once(2) ? [0x63, ...heap] : [random.one(ABSTRACT)];
    if (random.once(3))
      return [0x40, 0, ...this.#reference(heap), ...this.#limits(12), ...this.#value(heap, hasFunctions)];
    return [...type, ...this.#limits(12)];
  }

  #limits(most: number): number[] {
    const random = this.#random;
    const initial = random.below(random.once(12) ? most : Math.ceil(most / 2));
    const maximum = initial + random.below(200);
    return random.once(2)
      ? [0, ...this.#unsigned(initial)]
      : [1, ...this.#unsigned(initial), ...this.#unsigned(maximum)];
  }

  #global(hasFunctions: boolean): number[] {
    const random = this.#random;
    const mutable = random.below(2);
    if (random.once(2)) {
      const heap = this.#heapType();
      return [...this.#reference(heap), mutable, ...this.#value(heap, hasFunctions)];
    }
    return random.one([
      () => [0x7f, mutable, ...this.#number(), END],
      () => [0x7e, mutable, 0x42, ...signedLeb(random.below(1000) - 500, 1 + random.below(10)), END],
      () => [0x7d, mutable, 0x43, 1, 2, 3, 4, END],
      () => [0x7c, mutable, 0x44, 1, 2, 3, 4, 5, 6, 7, 8, END],
      () => [0x7b, mutable, 0xfd, ...leb(12, 1 + random.below(3)), ...new Array<number>(16).fill(0x0b), END],
      () => [0x6c, mutable, ...this.#number(), 0xfb, ...leb(28, 1 + random.below(3)), END],
      () => [0x6e, mutable, ...this.#number(), 0xfb, ...leb(28), END],
      () => [0x6f, mutable, 0xd0, ...this.#signed(-17), 0xfb, ...leb(26), 0xfb, ...leb(27, 2), END],
    ])();
  }

  /** An initial value for a reference: null, or a function. */
  #value(heap: number[], hasFunctions: boolean): number[] {
    const isFunction = heap.length === 1 && heap[0] === FUNC;
    if (isFunction && hasFunctions && this.#random.once(2)) return [0xd2, ...this.#unsigned(0), END];
    return [0xd0, ...heap, END];
  }

  #number(): number[] {
    const random = this.#random;
    const constant = () => [0x41, ...signedLeb(random.below(200) - 100, 1 + random.below(5))];
    return random.once(3) ? [...constant(), ...constant(), random.one([0x6a, 0x6b, 0x6c])] : constant();
  }

  #body(): number[] {
    const locals = this.#random.many(2, () => [...this.#unsigned(1), ...this.#valueType()]);
    const inside = [...vector(locals), 0x00, END];
    return [...this.#unsigned(inside.length), ...inside];
  }

  #index(below: number): number[] {
    return this.#unsigned(this.#random.below(Math.max(1, below)));
  }

  /** Mostly short; else in up to five bytes, and rarely with bits that no number of 32 bits has. */
  #unsigned(value: number): number[] {
    return this.#spoiled(leb(value, this.#length()));
  }

  #signed(value: number): number[] {
    return this.#spoiled(signedLeb(value, this.#length()));
  }

  #length(): number {
    return this.#random.once(20) ? 2 + this.#random.below(this.#random.once(20) ? 5 : 4) : 1;
  }

  #spoiled(bytes: number[]): number[] {
    if (bytes.length < 5 || !this.#random.once(8)) return bytes;
    return [...bytes.slice(0, -1), (bytes.at(-1) ?? 0) ^ (1 << this.#random.below(7))];
  }
}
