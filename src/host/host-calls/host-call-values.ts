// What passes between a guest and a host function: arguments read by their declared shapes, and a result written as declared.

import { ClocheError, messageOf } from '../../errors.ts';
import type { FunctionShape, ValueShape, WireValue } from '../../runtime/wire/protocol.ts';
import { jsonOf } from '../../util/json/plain-json.ts';
import { fromUtf8, parseUtf8Json, toUtf8 } from '../../util/text/utf8.ts';
import { type BodyHolder, bodyBytes, copyOfBytes, hasBody } from '../input.ts';

/** @throws {ClocheError} HOST_FUNCTION_FAILED when the guest passed what the declared shapes do not allow. */
export function readArguments(
  { name, params }: FunctionShape,
  args: readonly WireValue[],
  mostJsonBytes = MOST_JSON_BYTES,
): unknown[] {
  if (args.length !== params.length) {
    throw new ClocheError(
      'HOST_FUNCTION_FAILED',
      `expected ${params.length} arguments of \`${name}\`, got ${args.length}`,
    );
  }
  return params.map((shape, i) =>
    readArgument(shape, args[i] ?? null, `argument ${i + 1} of \`${name}\``, mostJsonBytes),
  );
}

/** Reading text and JSON blocks the page: 16 MiB of brackets took seconds. Large data travels as bytes. */
const MOST_TEXT_BYTES = 1 << 20;
const MOST_JSON_BYTES = 1 << 18;

function readArgument(shape: ValueShape, value: WireValue, what: string, mostJsonBytes: number): unknown {
  switch (shape) {
    case 'i64':
      return expectType(value, 'bigint', what);
    case 'i32':
    case 'f32':
    case 'f64':
      return expectType(value, 'number', what);
  }
  if (typeof value === 'bigint') {
    throw new ClocheError('ARGUMENT_UNREADABLE', `${what} is ${value}, where no block of its memory starts`);
  }
  if (value !== null && !(value instanceof Uint8Array)) throw mistyped(shape, what);
  if (shape === 'bytes') return value ?? new Uint8Array();
  const most = shape === 'json' ? mostJsonBytes : MOST_TEXT_BYTES;
  if (value && value.length > most) {
    throw new ClocheError(
      'HOST_FUNCTION_FAILED',
      `${what} has ${value.length} bytes, and ${shape} may have ${most}: larger data travels as bytes`,
    );
  }
  if (shape === 'text') return value === null ? '' : fromUtf8(value);
  if (value === null) return undefined;
  try {
    return parseUtf8Json(value);
  } catch (thrown) {
    throw new ClocheError('HOST_FUNCTION_FAILED', `${what} is not JSON: ${messageOf(thrown)}`, { cause: thrown });
  }
}

function expectType(value: WireValue, type: 'bigint' | 'number', what: string): WireValue {
  if (typeof value !== type) throw mistyped(type, what);
  return value;
}

function mistyped(shape: string, what: string): ClocheError {
  return new ClocheError('HOST_FUNCTION_FAILED', `expected ${what} to be ${shape}`);
}

/**
 * What a host function has returned, as its worker is to get it; a promise only for what has to be read first.
 * @param waiting for it; its signal ends the reading
 * @throws {ClocheError} QUOTA_EXCEEDED for more than `maxBytes`
 * @throws {TypeError} when a host function returns something other than it declared: the app's mistake.
 */
export function writeResult(
  shape: FunctionShape,
  result: unknown,
  maxBytes: number,
  waiting?: { readonly signal: AbortSignal },
): WireValue | Promise<WireValue> {
  if (!hasBody(result)) return writeWithin(shape, result, maxBytes);
  return unheld(shape, result, maxBytes, waiting?.signal).then((read) => writeWithin(shape, read, maxBytes));
}

function writeWithin(shape: FunctionShape, result: unknown, maxBytes: number): WireValue {
  const value = writeValue(shape, result);
  if (value instanceof Uint8Array && value.length > maxBytes) {
    throw overQuota(`the answer has ${value.length} bytes; \`exchangeBytes\` allows ${maxBytes}`);
  }
  return value;
}

/** What a blob or a response holds, as the declared result. */
async function unheld(
  { result: declared }: FunctionShape,
  holder: BodyHolder,
  maxBytes: number,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  try {
    const bytes = await bodyBytes(holder, maxBytes, signal);
    if (declared !== 'text' && declared !== 'json') return bytes;
    return declared === 'json' ? parseUtf8Json(bytes) : fromUtf8(bytes);
  } catch (cause) {
    if (cause instanceof ClocheError && cause.code === 'INPUT_TOO_LARGE') throw overQuota(cause.message);
    throw new TypeError(messageOf(cause), { cause });
  }
}

function writeValue({ name, result }: FunctionShape, value: unknown): WireValue {
  switch (result) {
    case null:
      return null;
    case 'json':
      return value === undefined ? null : encode(jsonOf(value));
    case 'bytes':
    case 'text':
      if (value === null || value === undefined) return null;
      if (result === 'text' && typeof value === 'string') return encode(value);
      if (result === 'bytes') {
        const bytes = copyOfBytes(value);
        if (bytes) return bytes;
      }
      break;
    case 'i64':
      if (isWithin(value, -(2n ** 63n), 2n ** 64n)) return BigInt(value);
      break;
    case 'i32':
      if (isWithin(value, -(2 ** 31), 2 ** 32)) return Number(value);
      break;
    case 'f32':
      // Rounded as an f32 is; but what is finite must not become infinite.
      if (typeof value === 'number' && Number.isFinite(value) === Number.isFinite(Math.fround(value))) return value;
      break;
    case 'f64':
      if (typeof value === 'number') return value;
  }
  throw new TypeError(`expected \`${name}\` to return ${result}, got ${shown(value)}`);
}

/** Numbers as they are written: 5 and 5n are two things where one of them is wanted. */
function shown(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'number') return String(value);
  return typeof value === 'bigint' ? `${String(value).slice(0, 40)}n` : typeof value;
}

/** An integer, signed or not: a guest may read its bits either way. */
function isWithin(value: unknown, lowest: bigint | number, above: bigint | number): value is bigint | number {
  return (
    (typeof value === 'bigint' || Number.isSafeInteger(value)) &&
    (value as number) >= lowest &&
    (value as number) < above
  );
}

function encode(text: string): Uint8Array {
  return toUtf8(text);
}

function overQuota(message: string): ClocheError {
  return new ClocheError('QUOTA_EXCEEDED', message);
}
