// How values of an ABI's types cross between page and worker: numbers and text as they are, all that is made of several as JSON.
// Both sides read here what the other has written; the page takes nothing for granted.

import { fromUtf8, parseUtf8Json, toUtf8 } from '../../../util/text/utf8.ts';
import type { ValueShape, WireValue } from '../protocol.ts';
import type { AbiType } from './types.ts';

/** A value that its type does not have. */
export class WrongValue extends Error {}

const INTEGERS: Readonly<Record<string, readonly [min: number, max: number]>> = {
  u8: [0, 0xff],
  u16: [0, 0xffff],
  s32: [-(2 ** 31), 2 ** 31 - 1],
  u32: [0, 2 ** 32 - 1],
};

/** How a value of the type crosses where it stands alone. */
export function shapeOf(type: AbiType): ValueShape {
  if (type === 'string' || isRope(type)) return 'text';
  if (type === 'bytes' || type === 'pixels') return 'bytes';
  if (isContentResult(type)) return 'bytes';
  if (type === 's64' || type === 'u64') return 'i64';
  if (type === 'f32' || type === 'f64') return type;
  if (type === 'bool' || type === 'char' || (typeof type === 'string' && INTEGERS[type])) return 'i32';
  if (typeof type === 'object' && ('enum' in type || 'flags' in type || 'own' in type || 'borrow' in type))
    return 'i32';
  return 'json';
}

export function isRope(type: AbiType): boolean {
  return (
    typeof type === 'object' && (('own' in type && type.own === 'rope') || ('borrow' in type && type.borrow === 'rope'))
  );
}

/** A result whose value is text or bytes, which JSON would make several times as large. */
export type ContentResult = {
  readonly ok: 'string' | 'bytes' | { readonly own: string };
  readonly err: readonly string[];
};

export function isContentResult(type: AbiType): type is ContentResult {
  return typeof type === 'object' && 'ok' in type && (type.ok === 'string' || type.ok === 'bytes' || isRope(type.ok));
}

/** Its first byte is 0 before a value, and else the number of an error, counted from 1. @throws {WrongValue} */
function packResult({ ok: type, err: names }: ContentResult, value: unknown): Uint8Array {
  const { ok, err } = Object(value) as { ok?: unknown; err?: unknown };
  if (err !== undefined) return Uint8Array.of(indexIn(names, err) + 1);
  const content = ok instanceof Uint8Array ? ok : type === 'bytes' ? bytesOf(type, ok) : toUtf8(expectText(ok));
  const packed = new Uint8Array(content.length + 1);
  packed.set(content, 1);
  return packed;
}

/** Text stays bytes. @throws {WrongValue} */
export function unpackResult(
  { err: names }: ContentResult,
  packed: Uint8Array,
): { readonly ok: Uint8Array } | { readonly err: string } {
  const [failure = 0] = packed;
  return failure === 0 ? { ok: packed.subarray(1) } : { err: nameIn(names, failure - 1) };
}

function readResult(type: ContentResult, packed: Uint8Array): unknown {
  const result = unpackResult(type, packed);
  return type.ok === 'bytes' || !('ok' in result) ? result : { ok: fromUtf8(result.ok) };
}

/** @throws {WrongValue} */
export function toWire(type: AbiType, value: unknown): WireValue {
  const shaped = toShaped(type, value);
  switch (shapeOf(type)) {
    case 'text':
      return toUtf8(shaped as string);
    case 'json':
      return toUtf8(JSON.stringify(shaped));
    default:
      return shaped as WireValue;
  }
}

/** @throws {WrongValue} */
export function fromWire(type: AbiType, value: WireValue): unknown {
  if (isContentResult(type)) return readResult(type, bytesOf(type, value));
  switch (shapeOf(type)) {
    case 'text':
      return fromUtf8(bytesOf(type, value));
    case 'json':
      return fromPlain(type, parsed(type, bytesOf(type, value)));
    default:
      return fromShaped(type, value);
  }
}

/** As a host function gives it whose result has the shape. @throws {WrongValue} */
export function toShaped(type: AbiType, value: unknown): unknown {
  if (isContentResult(type)) return packResult(type, value);
  switch (shapeOf(type)) {
    case 'text':
      return expectText(value);
    case 'bytes':
      return bytesOf(type, value);
    case 'i64':
      return expectBig(type, value);
    case 'f32':
    case 'f64':
      return expectNumber(type, value);
    case 'i32':
      return toNumber(type, value);
    case 'json':
      return toPlain(type, value);
  }
}

/** What a host function gets whose argument has the shape. @throws {WrongValue} */
export function fromShaped(type: AbiType, value: unknown): unknown {
  if (isContentResult(type)) return readResult(type, bytesOf(type, value));
  switch (shapeOf(type)) {
    case 'i32':
      return fromNumber(type, value);
    case 'json':
      return fromPlain(type, value);
    default:
      return toShaped(type, value);
  }
}

/** As JSON holds it: a large integer as text, nothing as null, and something in a list of one. */
function toPlain(type: AbiType, value: unknown): unknown {
  if (type === 's64' || type === 'u64') return String(expectBig(type, value));
  if (type === 'string' || isRope(type)) return expectText(value);
  if (type === 'anchors') {
    if (Array.isArray(value) && value.length === 2) return value.map(anchorFields);
    throw wrong(type, value);
  }
  if (typeof type === 'string' || shapeOf(type) === 'i32') {
    if (type === 'bytes') return [...bytesOf(type, value)];
    return type === 'f32' || type === 'f64' ? expectNumber(type, value) : toNumber(type, value);
  }
  if ('list' in type) return expectList(type, value).map((item) => toPlain(type.list, item));
  if ('option' in type) return value === undefined || value === null ? null : [toPlain(type.option, value)];
  if ('ok' in type) {
    const { ok, err } = Object(value) as { ok?: unknown; err?: unknown };
    return err === undefined ? [0, toPlain(type.ok, ok)] : [1, indexIn(type.err, err)];
  }
  if ('tuple' in type) {
    const items = expectList(type, value);
    return type.tuple.map((item, i) => toPlain(item, items[i]));
  }
  if ('record' in type) {
    const fields = Object(value) as Record<string, unknown>;
    return Object.entries(type.record).map(([name, field]) => toPlain(field, fields[name]));
  }
  throw wrong(type, value);
}

function fromPlain(type: AbiType, plain: unknown): unknown {
  if (type === 's64' || type === 'u64') {
    if (typeof plain === 'string' && /^-?\d{1,20}$/.test(plain)) return BigInt(plain);
    throw wrong(type, plain);
  }
  if (type === 'string' || isRope(type)) return expectText(plain);
  if (type === 'anchors') return expectList(type, plain, 2).map((one) => anchorOf(expectList(type, one, 4)));
  if (typeof type === 'string' || shapeOf(type) === 'i32') {
    if (type === 'bytes')
      return Uint8Array.from(expectList(type, plain).map((byte) => fromNumber('u8', byte) as number));
    if (type !== 'f32' && type !== 'f64') return fromNumber(type, plain);
    // JSON has no word for what is not finite.
    return plain === null ? Number.NaN : expectNumber(type, plain);
  }
  if ('list' in type) return expectList(type, plain).map((item) => fromPlain(type.list, item));
  if ('option' in type) return plain === null ? undefined : fromPlain(type.option, expectList(type, plain, 1)[0]);
  if ('ok' in type) {
    const [isError, held] = expectList(type, plain, 2);
    return isError === 0 ? { ok: fromPlain(type.ok, held) } : { err: nameIn(type.err, held) };
  }
  if ('tuple' in type) {
    const items = expectList(type, plain, type.tuple.length);
    return type.tuple.map((item, i) => fromPlain(item, items[i]));
  }
  if ('record' in type) {
    const fields = Object.entries(type.record);
    const items = expectList(type, plain, fields.length);
    return Object.fromEntries(fields.map(([name, field], i) => [name, fromPlain(field, items[i])]));
  }
  throw wrong(type, plain);
}

/** What a core i32 is of it. @throws {WrongValue} */
export function toNumber(type: AbiType, value: unknown): number {
  if (type === 'bool') return value ? 1 : 0;
  if (type === 'char') return expectText(value).codePointAt(0) ?? 0;
  if (typeof type === 'object' && 'enum' in type) return indexIn(type.enum, value);
  if (typeof type === 'object' && 'flags' in type) {
    return expectList(type, value).reduce<number>((bits, name) => bits | (1 << indexIn(type.flags, name)), 0);
  }
  const [min, max] = rangeOf(type);
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
  throw wrong(type, value);
}

/** @throws {WrongValue} */
export function fromNumber(type: AbiType, value: unknown): unknown {
  if (typeof value !== 'number' || !Number.isInteger(value)) throw wrong(type, value);
  if (type === 'bool') return value !== 0;
  if (type === 'char') {
    if (value < 0 || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) throw wrong(type, value);
    return String.fromCodePoint(value);
  }
  if (typeof type === 'object' && 'enum' in type) return nameIn(type.enum, value);
  if (typeof type === 'object' && 'flags' in type) return type.flags.filter((_, bit) => value & (1 << bit));
  const [min, max] = rangeOf(type);
  const number = min < 0 ? value | 0 : value >>> 0;
  if (number >= min && number <= max) return number;
  throw wrong(type, value);
}

function rangeOf(type: AbiType): readonly [number, number] {
  const word = typeof type === 'string' ? type : 'u32';
  const range = INTEGERS[word];
  if (range) return range;
  throw new WrongValue(`${word} is not an integer of 32 bits`);
}

function indexIn(names: readonly string[], name: unknown): number {
  const index = names.indexOf(name as string);
  if (index >= 0) return index;
  throw new WrongValue(`expected one of ${names.join(', ')}, got ${shown(name)}`);
}

function nameIn(names: readonly string[], index: unknown): string {
  const name = typeof index === 'number' ? names[index] : undefined;
  if (name !== undefined) return name;
  throw new WrongValue(`expected the number of one of ${names.join(', ')}, got ${shown(index)}`);
}

function anchorFields(anchor: unknown): number[] {
  const { replica = 0, value = 0, offset = 0, bias = 0 } = Object(anchor) as Record<string, number>;
  return [toNumber('u16', replica), toNumber('u32', value), toNumber('u32', offset), toNumber('u8', bias)];
}

function anchorOf([replica, value, offset, bias]: readonly unknown[]): object {
  return {
    replica: fromNumber('u16', replica),
    value: fromNumber('u32', value),
    offset: fromNumber('u32', offset),
    bias: fromNumber('u8', bias),
  };
}

function expectList(type: AbiType, value: unknown, length?: number): readonly unknown[] {
  if (Array.isArray(value) && (length === undefined || value.length === length)) return value;
  throw wrong(type, value);
}

function expectText(value: unknown): string {
  if (typeof value === 'string') return value;
  throw wrong('string', value);
}

function expectNumber(type: AbiType, value: unknown): number {
  if (typeof value === 'number') return value;
  throw wrong(type, value);
}

function expectBig(type: AbiType, value: unknown): bigint {
  if (typeof value === 'bigint') return type === 'u64' ? BigInt.asUintN(64, value) : BigInt.asIntN(64, value);
  throw wrong(type, value);
}

/** Nothing is no bytes: what is empty may be left out. */
function bytesOf(type: AbiType, value: unknown): Uint8Array {
  if (value === null || value === undefined) return new Uint8Array();
  if (value instanceof Uint8Array) return value;
  throw wrong(type, value);
}

function parsed(type: AbiType, bytes: Uint8Array): unknown {
  try {
    return parseUtf8Json(bytes);
  } catch (cause) {
    throw new WrongValue(`${nameOf(type)} is not JSON`, { cause });
  }
}

function wrong(type: AbiType, value: unknown): WrongValue {
  return new WrongValue(`expected ${nameOf(type)}, got ${shown(value)}`);
}

function nameOf(type: AbiType): string {
  return typeof type === 'string' ? type : (Object.keys(type)[0] ?? 'a value');
}

function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : value === null ? 'null' : typeof value;
}
