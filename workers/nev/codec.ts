// Values between a guest and JavaScript: out of core values and memory, and back. Resources are handles there, and objects here.

import type { Budget } from '../../src/runtime/wire/abi/budget.ts';
import { trap } from '../../src/runtime/wire/abi/trap.ts';
import type { AbiType, Anchor } from '../../src/runtime/wire/abi/types.ts';
import {
  fromNumber,
  fromWire,
  isContentResult,
  isRope,
  shapeOf,
  toNumber,
  toWire,
  unpackResult,
} from '../../src/runtime/wire/abi/values.ts';
import type { WireValue } from '../../src/runtime/wire/protocol.ts';
import { fieldsOf, flatOf, layoutOf, offsetsOf } from './layout.ts';
import type { Memory } from './memory.ts';
import type { Handles } from './resources/handles.ts';
import { Rope } from './resources/rope.ts';

export type Raw = number | bigint;

/** Each becomes an object here. */
const MOST_ITEMS = 65_536;

const encoder = new TextEncoder();
/** Of text that is to stay as it is. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Where the fields of a pair of anchors lie: 28 bytes, where the canonical layout would have 32. */
const ANCHORS = [
  { replica: 0, value: 4, offset: 8, bias: 12 },
  { replica: 14, value: 16, offset: 20, bias: 24 },
] as const;
const ANCHORS_BYTES = 28;

/** Takes the next core value. */
export type Next = () => Raw;

/** A resource that a guest is to get, and what becomes of it when it drops that. */
export interface Released {
  release(): void;
}

export class Codec {
  readonly #memory: Memory;
  readonly #handles: Handles;
  readonly #budget: Budget;

  constructor(memory: Memory, handles: Handles, budget: Budget) {
    this.#memory = memory;
    this.#handles = handles;
    this.#budget = budget;
  }

  /** An argument of the guest's. @throws {WebAssembly.RuntimeError} for what its type does not have */
  lift(type: AbiType, next: Next): unknown {
    if (type === 'string' || type === 'bytes')
      return this.#lifted(type, this.#memory.read(int(next()), int(next()), type));
    if (typeof type !== 'string') {
      if ('list' in type) return this.#list(type.list, int(next()), int(next()));
      if ('option' in type) return this.#option(type.option, next);
      if ('own' in type) return this.#handles.take(int(next()), type.own).value;
      if ('borrow' in type) return this.#handles.get(int(next()), type.borrow).value;
      if ('record' in type) return mapRecord(type.record, (field) => this.lift(field, next));
      if ('tuple' in type) return type.tuple.map((field) => this.lift(field, next));
      if ('ok' in type) throw trap('a result is no argument');
    }
    return number(type, next());
  }

  /** The same as it crosses to the page. */
  liftToWire(type: AbiType, next: Next): WireValue {
    if (type === 'string' || type === 'bytes') return this.#memory.read(int(next()), int(next()), type);
    const value = this.lift(type, next);
    if (value instanceof Rope) {
      const bytes = value.bytes.slice();
      if (typeof type === 'object' && 'own' in type) value.release();
      return bytes;
    }
    return toWire(type, value);
  }

  /** What the page has answered. */
  fromWire(type: AbiType, value: WireValue): unknown {
    // Text stays bytes: the guest gets what was sent.
    if (shapeOf(type) === 'text') return value ?? new Uint8Array();
    if (isContentResult(type) && value instanceof Uint8Array) return unpackResult(type, value);
    return fromWire(type, value);
  }

  /** A result that is one core value. */
  lowerFlat(type: AbiType, value: unknown): Raw {
    if (typeof type === 'object' && ('own' in type || 'borrow' in type)) return this.#add(type, value);
    return typeof value === 'bigint' || type === 'f32' || type === 'f64' ? (value as Raw) : toNumber(type, value);
  }

  /** An argument for the guest, in core values. Runs the guest where it takes room. */
  lower(type: AbiType, value: unknown): Raw[] {
    if (type === 'string' || type === 'bytes') return [...this.#memory.place(bytesOf(value))];
    if (typeof type !== 'string') {
      if ('list' in type) return [...this.#placeList(type.list, value)];
      if ('option' in type) throw trap('no export takes an option');
      const fields = fieldsOf(type);
      if (fields) return fields.flatMap((field, i) => this.lower(field, partsOf(type, value)[i]));
    }
    return [this.lowerFlat(type, value)];
  }

  /** Writes a result to where the guest wants it. */
  store(type: AbiType, at: number, value: unknown): void {
    if (type === 'string' || type === 'bytes') this.#storePair(at, this.#memory.place(bytesOf(value)));
    else if (type === 'anchors') this.#storeAnchors(at, value);
    else if (typeof type === 'string') this.#storeScalar(type, at, this.lowerFlat(type, value));
    else if ('list' in type) this.#storePair(at, this.#placeList(type.list, value));
    else if ('option' in type) this.#storeOption(type.option, at, value);
    else if ('ok' in type) this.#storeResult(type, at, value);
    else this.#storeFields(type, at, value);
  }

  /** Reads what lies in memory. */
  load(type: AbiType, at: number): unknown {
    if (type === 'anchors') return this.#anchorsAt(at);
    if (type === 'string' || type === 'bytes') {
      const [from, length] = this.#pairAt(at);
      return this.#lifted(type, this.#memory.read(from, length, type));
    }
    if (typeof type !== 'string' && 'list' in type) return this.#list(type.list, ...this.#pairAt(at));
    const fields = fieldsOf(type);
    if (fields) {
      const offsets = offsetsOf(fields);
      const parts = fields.map((field, i) => this.load(field, at + (offsets[i] ?? 0)));
      if (typeof type === 'object' && 'record' in type) {
        return Object.fromEntries(Object.keys(type.record).map((name, i) => [name, parts[i]]));
      }
      return parts;
    }
    if (typeof type === 'object' && ('option' in type || 'ok' in type)) throw trap('no list holds options or results');
    return this.#scalarAt(type, at);
  }

  /** The same as it crosses to the page: text that is only handed on is not read here. */
  loadToWire(type: AbiType, at: number): WireValue {
    const isContent = type === 'string' || type === 'bytes';
    return isContent ? this.#memory.read(...this.#pairAt(at), type) : toWire(type, this.load(type, at));
  }

  #lifted(type: 'string' | 'bytes', bytes: Uint8Array): unknown {
    return type === 'bytes' ? bytes : decoder.decode(bytes);
  }

  #option(type: AbiType, next: Next): unknown {
    if (int(next()) !== 0) return this.lift(type, next);
    // What stands in the place of its value means nothing.
    for (const _ of flatOf(type)) next();
    return undefined;
  }

  #list(type: AbiType, at: number, count: number): unknown[] {
    const items = count >>> 0;
    if (items > MOST_ITEMS) throw trap(`a list of ${items} items; at most ${MOST_ITEMS} are allowed`);
    const { size } = layoutOf(type);
    this.#memory.view(at, items * size, 'a list');
    return Array.from({ length: items }, (_, i) => this.load(type, (at >>> 0) + i * size));
  }

  #placeList(type: AbiType, value: unknown): readonly [number, number] {
    const items = value as readonly unknown[];
    const { size } = layoutOf(type);
    const at = this.#memory.alloc(items.length * size);
    for (const [i, item] of items.entries()) this.store(type, at + i * size, item);
    return [at, items.length];
  }

  #storeFields(type: AbiType, at: number, value: unknown): void {
    const fields = fieldsOf(type);
    if (!fields) {
      this.#storeScalar(type, at, this.lowerFlat(type, value));
      return;
    }
    const parts = partsOf(type, value);
    const offsets = offsetsOf(fields);
    for (const [i, field] of fields.entries()) this.store(field, at + (offsets[i] ?? 0), parts[i]);
  }

  #storePair(at: number, [from, length]: readonly [number, number]): void {
    const view = this.#memory.view(at, 8, 'a result');
    view.setUint32(0, from, true);
    view.setUint32(4, length, true);
  }

  #pairAt(at: number): readonly [number, number] {
    const view = this.#memory.view(at, 8, 'a text or list');
    return [view.getUint32(0, true), view.getUint32(4, true)];
  }

  #storeOption(type: AbiType, at: number, value: unknown): void {
    const isSome = value !== undefined;
    this.#storeFlag(type, at, isSome ? 1 : 0);
    if (isSome) this.store(type, at + layoutOf(type).align, value);
  }

  #storeResult(type: { readonly ok: AbiType; readonly err: readonly string[] }, at: number, value: unknown): void {
    const answer = value as { readonly ok?: unknown; readonly err?: string };
    const isError = answer.err !== undefined;
    this.#storeFlag(type.ok, at, isError ? 1 : 0);
    const held = at + layoutOf(type.ok).align;
    if (isError) this.#memory.view(held, 1, 'a result').setUint8(0, type.err.indexOf(answer.err ?? ''));
    else this.store(type.ok, held, answer.ok);
  }

  /** As wide as what follows it is aligned. */
  #storeFlag(type: AbiType, at: number, flag: number): void {
    const { align } = layoutOf(type);
    this.#memory.write(at, new Uint8Array(align).fill(flag, 0, 1), 'a result');
  }

  #storeScalar(type: AbiType, at: number, raw: Raw): void {
    const { size } = layoutOf(type);
    const view = this.#memory.view(at, size, 'a result');
    if (typeof raw === 'bigint') view.setBigUint64(0, BigInt.asUintN(64, raw), true);
    else if (type === 'f32') view.setFloat32(0, raw, true);
    else if (type === 'f64') view.setFloat64(0, raw, true);
    else if (size === 4) view.setUint32(0, raw >>> 0, true);
    else if (size === 2) view.setUint16(0, raw, true);
    else view.setUint8(0, raw);
  }

  #scalarAt(type: AbiType, at: number): unknown {
    const { size } = layoutOf(type);
    const view = this.#memory.view(at, size, 'an item');
    if (type === 'f32') return view.getFloat32(0, true);
    if (size === 8) return type === 'f64' ? view.getFloat64(0, true) : number(type, view.getBigUint64(0, true));
    const raw = size === 4 ? view.getUint32(0, true) : size === 2 ? view.getUint16(0, true) : view.getUint8(0);
    return number(type, raw);
  }

  #storeAnchors(at: number, value: unknown): void {
    const view = this.#memory.view(at, ANCHORS_BYTES, 'two anchors');
    const pair = value as readonly AnchorFields[];
    ANCHORS.forEach((place, i) => {
      const { replica = 0, value: id = 0, offset = 0, bias = 0 } = pair[i] ?? {};
      view.setUint16(place.replica, replica, true);
      view.setUint32(place.value, id, true);
      view.setUint32(place.offset, offset, true);
      view.setUint8(place.bias, bias);
    });
  }

  #anchorsAt(at: number): AnchorFields[] {
    const view = this.#memory.view(at, ANCHORS_BYTES, 'two anchors');
    return ANCHORS.map((place) => ({
      replica: view.getUint16(place.replica, true),
      value: view.getUint32(place.value, true),
      offset: view.getUint32(place.offset, true),
      bias: view.getUint8(place.bias),
    }));
  }

  #add(type: AbiType, value: unknown): number {
    const kind = typeof type === 'object' && 'own' in type ? type.own : '';
    const held = isRope(type) && !(value instanceof Rope) ? Rope.of(bytesOf(value), this.#budget) : value;
    const release = isReleased(held) ? () => held.release() : undefined;
    return this.#handles.add({ kind, value: held, ...(release && { release }) });
  }
}

type AnchorFields = Partial<Anchor>;

function isReleased(value: unknown): value is Released {
  return typeof (value as Partial<Released> | null)?.release === 'function';
}

function partsOf(type: AbiType, value: unknown): readonly unknown[] {
  if (typeof type === 'object' && 'record' in type) {
    const fields = value as Readonly<Record<string, unknown>>;
    return Object.keys(type.record).map((name) => fields[name]);
  }
  return value as readonly unknown[];
}

function mapRecord(record: Readonly<Record<string, AbiType>>, map: (field: AbiType) => unknown): object {
  return Object.fromEntries(Object.entries(record).map(([name, field]) => [name, map(field)]));
}

function bytesOf(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : encoder.encode(value as string);
}

function int(raw: Raw): number {
  return Number(raw) >>> 0;
}

/** @throws {WrongValue} for an enum's number that names nothing, and the like */
function number(type: AbiType, raw: Raw): unknown {
  if (type === 'u64') return BigInt.asUintN(64, raw as bigint);
  if (type === 's64') return BigInt.asIntN(64, raw as bigint);
  if (type === 'f32' || type === 'f64') return raw;
  return fromNumber(type, type === 'u8' ? Number(raw) & 0xff : type === 'u16' ? Number(raw) & 0xffff : Number(raw));
}
