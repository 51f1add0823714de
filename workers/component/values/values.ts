// Between the values of an app and those that the glue takes and gives, by their declared types: whatever does not fit is
// refused with the place of it, before the glue or the guest sees it.
//
// An app has records as objects with the names that WIT gives, in camel case; variants and results as `{ tag, val }`; flags as
// objects of booleans; options as the value or undefined, and one within another as `{ tag: 'some', val }`; 64-bit integers as
// bigints; `list<u8>` as bytes; handles of resources as `{ handle }`.

import { ClocheError } from '../../../src/errors.ts';
import { cut } from '../../cut.ts';
import { type Primitive, RANGES, type TypeRef, type WitType } from '../world/wit-types.ts';
import type { Handles } from './handles.ts';

/** Of the kinds that share a form, either. */
type Compound<K extends WitType['kind'], T = WitType> = T extends { readonly kind: infer U }
  ? K extends U
    ? T
    : never
  : never;

/** How the glue has lists of numbers. */
const LISTS: Partial<Record<Primitive, { from(items: Iterable<never>): ArrayBufferView }>> = {
  s8: Int8Array,
  u8: Uint8Array,
  s16: Int16Array,
  u16: Uint16Array,
  s32: Int32Array,
  u32: Uint32Array,
  s64: BigInt64Array,
  u64: BigUint64Array,
  f32: Float32Array,
  f64: Float64Array,
};

const NOT_FINITE: ReadonlySet<unknown> = new Set(['NaN', 'Infinity', '-Infinity']);

export class Values {
  readonly #types: readonly WitType[];
  readonly #handles: Handles;

  constructor(types: readonly WitType[], handles: Handles) {
    this.#types = types;
    this.#handles = handles;
  }

  /** What the glue takes. @param place for messages, such as `argument 1` @throws {ClocheError} EXPORT_INVALID */
  lower(type: TypeRef, value: unknown, place: string): unknown {
    if (typeof type === 'string') return lowerPrimitive(type, value, place);
    const found = this.#typeAt(type);
    switch (found.kind) {
      case 'record':
        return this.#lowerRecord(found, value, place);
      case 'variant':
        return this.#lowerVariant(found, value, place);
      case 'list':
        return this.#lowerList(found.of, value, place);
      case 'tuple': {
        if (!Array.isArray(value) || value.length !== found.of.length)
          throw unfit(place, `${found.of.length} items`, value);
        return found.of.map((of, index) => this.lower(of, value[index], `${place}[${index}]`));
      }
      case 'flags':
        return lowerFlags(found, value, place);
      case 'enum':
        if (typeof value !== 'string' || !found.names.includes(value)) throw unfit(place, oneOf(found.names), value);
        return value;
      case 'option':
        return this.#lowerOption(found, value, place);
      case 'result':
        return this.#lowerResult(found, value, place);
      case 'own':
      case 'borrow':
        return this.#handles.resource(found, value, place);
    }
  }

  /** What an app gets. */
  lift(type: TypeRef, value: unknown): unknown {
    if (typeof type === 'string') return value;
    const found = this.#typeAt(type);
    switch (found.kind) {
      case 'record':
        return Object.fromEntries(
          found.fields.map(([name, of]) => [
            camel(name),
            this.lift(of, (value as Record<string, unknown>)[camel(name)]),
          ]),
        );
      case 'variant':
        return this.#liftCase(new Map(found.cases), value);
      case 'list':
        if (found.of === 'u8') return Uint8Array.from(value as Iterable<number>);
        return Array.from(value as Iterable<unknown>, (item) => this.lift(found.of, item));
      case 'tuple':
        return found.of.map((of, index) => this.lift(of, (value as unknown[])[index]));
      case 'flags':
        return Object.fromEntries(
          found.names.map((name) => [camel(name), (value as Record<string, unknown>)[camel(name)] === true]),
        );
      case 'enum':
        return value;
      case 'option':
        if (this.#mayBeNothing(found.of))
          return this.#liftCase(
            new Map([
              ['none', null],
              ['some', found.of],
            ]),
            value,
          );
        return value === undefined || value === null ? undefined : this.lift(found.of, value);
      case 'result':
        return this.#liftCase(
          new Map([
            ['ok', found.ok],
            ['err', found.err],
          ]),
          value,
        );
      case 'own':
      case 'borrow':
        return this.#handles.handle(value);
    }
  }

  /** Whether an option of it needs a form of its own, since its value may be nothing: one that has such a form never is. */
  #mayBeNothing(type: TypeRef): boolean {
    const found = typeof type === 'number' ? this.#typeAt(type) : undefined;
    return found?.kind === 'option' && !this.#mayBeNothing(found.of);
  }

  #typeAt(index: number): WitType {
    const found = this.#types[index];
    if (!found) throw new ClocheError('MODULE_REJECTED', `the component has no type ${index}`);
    return found;
  }

  #lowerRecord({ fields }: Compound<'record'>, value: unknown, place: string): Record<string, unknown> {
    const given = objectOf(value, place, 'a record');
    const names = new Map(fields.flatMap(([name]) => [[name, name] as const, [camel(name), name] as const]));
    const byName = new Map<string, unknown>();
    for (const [key, item] of given) {
      const name = names.get(key);
      if (name === undefined)
        throw unfit(place, `fields among ${fields.map(([field]) => camel(field)).join(', ')}`, key);
      byName.set(name, item);
    }
    return Object.fromEntries(
      fields.map(([name, type]) => [camel(name), this.lower(type, byName.get(name), `${place}.${camel(name)}`)]),
    );
  }

  #lowerVariant({ cases }: Compound<'variant'>, value: unknown, place: string): { tag: string; val?: unknown } {
    const known = new Map(cases);
    // One without a value may be written by its name alone.
    const { tag, val } = typeof value === 'string' ? { tag: value, val: undefined } : taggedOf(value, place);
    const type = known.get(tag);
    if (type === undefined) throw unfit(place, oneOf([...known.keys()]), tag);
    return this.#lowerCase(tag, type, val, place);
  }

  #lowerResult({ ok, err }: Compound<'result'>, value: unknown, place: string): { tag: string; val?: unknown } {
    const { tag, val } = taggedOf(value, place);
    if (tag !== 'ok' && tag !== 'err') throw unfit(place, oneOf(['ok', 'err']), tag);
    return this.#lowerCase(tag, tag === 'ok' ? ok : err, val, place);
  }

  #lowerCase(tag: string, type: TypeRef | null, val: unknown, place: string): { tag: string; val?: unknown } {
    if (type !== null) return { tag, val: this.lower(type, val, `${place}.${tag}`) };
    if (val !== undefined && val !== null) throw unfit(`${place}.${tag}`, 'nothing', val);
    return { tag, val: undefined };
  }

  #lowerOption({ of }: Compound<'option'>, value: unknown, place: string): unknown {
    if (!this.#mayBeNothing(of))
      return value === undefined || value === null ? undefined : this.lower(of, value, place);
    if (value === undefined || value === null) return { tag: 'none' };
    const { tag, val } = taggedOf(value, place);
    if (tag === 'none') return { tag };
    if (tag !== 'some') throw unfit(place, oneOf(['none', 'some']), tag);
    return { tag, val: this.lower(of, val, place) };
  }

  #lowerList(of: TypeRef, value: unknown, place: string): unknown {
    if (of === 'u8' && value instanceof Uint8Array) return value;
    if (!Array.isArray(value)) throw unfit(place, 'a list', value);
    const items = value.map((item: unknown, index) => this.lower(of, item, `${place}[${index}]`));
    const List = typeof of === 'string' ? LISTS[of] : undefined;
    return List ? List.from(items as never[]) : items;
  }

  #liftCase(cases: ReadonlyMap<string, TypeRef | null>, value: unknown): { tag: string; val?: unknown } {
    const { tag, val } = value as { tag: string; val?: unknown };
    const type = cases.get(tag);
    return type === null || type === undefined ? { tag } : { tag, val: this.lift(type, val) };
  }
}

/** `process-as-task` is `processAsTask`, as the glue has it. */
export function camel(name: string): string {
  return name.toLowerCase().replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function lowerPrimitive(type: Primitive, value: unknown, place: string): unknown {
  switch (type) {
    case 'bool':
      if (typeof value === 'boolean') return value;
      throw unfit(place, 'true or false', value);
    case 'string':
      if (typeof value === 'string') return value;
      throw unfit(place, 'a text', value);
    case 'char':
      if (typeof value === 'string' && [...value].length === 1 && !/^[\ud800-\udfff]$/.test(value)) return value;
      throw unfit(place, 'one character', value);
    case 'f32':
    case 'f64':
      if (typeof value === 'number') return value;
      if (NOT_FINITE.has(value)) return Number(value);
      throw unfit(place, 'a number', value);
    default:
      return lowerInteger(type, value, place);
  }
}

function lowerInteger(type: Primitive, value: unknown, place: string): number | bigint {
  const [lowest, highest] = RANGES[type] ?? [0n, 0n];
  const number = integerOf(value);
  if (number === undefined || number < lowest || number > highest)
    throw unfit(place, `${type}, ${lowest} to ${highest}`, value);
  return type === 's64' || type === 'u64' ? number : Number(number);
}

/** In JSON an integer of 64 bits is a text. */
function integerOf(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  return typeof value === 'string' && /^-?\d{1,20}$/.test(value) ? BigInt(value) : undefined;
}

function lowerFlags({ names }: Compound<'flags'>, value: unknown, place: string): Record<string, boolean> {
  const set = new Set<string>();
  const known = new Map(names.flatMap((name) => [[name, name] as const, [camel(name), name] as const]));
  const entries = Array.isArray(value)
    ? value.map((name: unknown) => [name, true] as const)
    : [...objectOf(value, place, 'flags')];
  for (const [key, isSet] of entries) {
    const name = typeof key === 'string' ? known.get(key) : undefined;
    if (name === undefined) throw unfit(place, oneOf(names), key);
    if (typeof isSet !== 'boolean') throw unfit(`${place}.${key}`, 'true or false', isSet);
    if (isSet) set.add(name);
  }
  return Object.fromEntries(names.map((name) => [camel(name), set.has(name)]));
}

function taggedOf(value: unknown, place: string): { tag: string; val: unknown } {
  const given = new Map(objectOf(value, place, '`{ tag, val }`'));
  const tag = given.get('tag');
  if (typeof tag !== 'string') throw unfit(place, '`{ tag, val }`', value);
  return { tag, val: given.get('val') };
}

function objectOf(value: unknown, place: string, what: string): [string, unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || ArrayBuffer.isView(value)) {
    throw unfit(place, what, value);
  }
  return Object.entries(value);
}

function oneOf(names: readonly string[]): string {
  return `one of ${names.slice(0, 20).join(', ')}`;
}

function unfit(place: string, expected: string, value: unknown): ClocheError {
  return new ClocheError('EXPORT_INVALID', `expected ${cut(place)} to be ${expected}, got ${shown(value)}`);
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(cut(value));
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  return typeof value === 'object' ? 'an object' : String(value);
}
