// Exports that are called with an input and give an output, as those of other plugins: one that takes a text or bytes takes the
// input itself, and one that gives a text or bytes gives the output itself. All others take a list of arguments, and give JSON.

import { ClocheError, messageOf } from '../../../src/errors.ts';
import { GuestFailure } from '../../failures.ts';
import type { TypeRef, WitFunction, World } from '../world/wit-types.ts';
import { plainOf } from './plain-values.ts';

/** @throws {ClocheError} EXPORT_INVALID */
export function inputValues({ params, name }: WitFunction, input: Uint8Array): readonly unknown[] {
  const [first] = params;
  if (params.length === 1 && first?.[1] === 'string')
    return [new TextDecoder('utf-8', { ignoreBOM: true }).decode(input)];
  if (input.length === 0) return [];
  try {
    const given: unknown = JSON.parse(new TextDecoder().decode(input));
    if (Array.isArray(given)) return given;
  } catch (cause) {
    throw new ClocheError('EXPORT_INVALID', `\`${name}\` takes a list of arguments as JSON: ${messageOf(cause)}`);
  }
  throw new ClocheError('EXPORT_INVALID', `\`${name}\` takes a list of arguments as JSON, in an array`);
}

/** @param result as an app gets it. @throws {GuestFailure} for the error of a result */
export function outputOf({ result: type, name }: WitFunction, result: unknown, { types }: World): Uint8Array {
  const found = typeof type === 'number' ? types[type] : undefined;
  if (found?.kind !== 'result') return written(type, result);
  const { tag, val } = result as { tag: string; val?: unknown };
  if (tag === 'ok') return written(found.ok, val);
  throw new GuestFailure(val === undefined ? `\`${name}\` failed` : textOf(val), 1);
}

function written(type: TypeRef | null, value: unknown): Uint8Array {
  if (type === null) return new Uint8Array();
  if (value instanceof Uint8Array) return value;
  return new TextEncoder().encode(textOf(value));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(plainOf(value));
}
