// The arguments of a command: JSON values in one line, with spaces between them, and what of them a command declares.

import { ClocheError } from '../errors.ts';
import { parseShortJson } from '../util/json/parse-json.ts';
import { shown } from '../util/text/shown.ts';
import type { Command, CommandParameter } from './contributions.ts';

type Check = (value: unknown) => boolean;

/** Of a number of 64 bits that is read here only its size is known: it is handed on as it is written. */
const whole =
  (min: number, max: number): Check =>
  (value) =>
    Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
const isSigned = whole(-(2 ** 63), 2 ** 63);

/** What the words are that plugins have for types. One that is not among them is not checked. */
const TYPES: Readonly<Record<string, Check>> = {
  string: (value) => typeof value === 'string',
  bool: (value) => typeof value === 'boolean',
  boolean: (value) => typeof value === 'boolean',
  int: isSigned,
  integer: isSigned,
  s32: whole(-(2 ** 31), 2 ** 31 - 1),
  s64: isSigned,
  u32: whole(0, 2 ** 32 - 1),
  u64: whole(0, 2 ** 64),
  float: (value) => typeof value === 'number',
  f32: (value) => typeof value === 'number',
  f64: (value) => typeof value === 'number',
  number: (value) => typeof value === 'number',
};

/**
 * Of a command that declares none, anything is taken.
 * @throws {ClocheError} ARGUMENTS_INVALID
 */
export function checkArguments({ params }: Command, args: string, name: string): void {
  if (params.length === 0) return;
  const values = argumentsIn(args, name);
  const needed = params.findLastIndex((param) => !isOptional(param)) + 1;
  if (values.length < needed || values.length > params.length) {
    const count = needed === params.length ? `${needed}` : `${needed} to ${params.length}`;
    throw invalid(name, `takes ${count} arguments (${params.map(declared).join(', ')}), got ${values.length}`);
  }
  for (const [index, value] of values.entries()) {
    const param = params[index];
    if (param && !isOfType(param, value)) throw invalid(name, `takes ${declared(param)}, got ${shown(value)}`);
  }
}

/** Of a type that has a word nobody knows, anything is. */
export function isOfType({ type }: CommandParameter, value: unknown): boolean {
  return typeNamed(type)?.(value) ?? true;
}

/** @throws {ClocheError} ARGUMENTS_INVALID where the line is not JSON values with spaces between them */
export function argumentsIn(line: string, name: string): readonly unknown[] {
  const values: unknown[] = [];
  for (let rest = line.trim(); rest !== ''; ) {
    const end = endOfValue(rest);
    try {
      values.push(parseShortJson(rest.slice(0, end)));
    } catch (cause) {
      throw invalid(name, `has an argument that is not JSON: ${shown(rest.slice(0, end))}`, cause);
    }
    rest = rest.slice(end).trimStart();
  }
  return values;
}

/** At the first space that is in no text, list or object. */
function endOfValue(text: string): number {
  let depth = 0;
  let isText = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    if (isText) {
      if (char === '\\') at++;
      else if (char === '"') isText = false;
    } else if (char === '"') isText = true;
    else if (char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']') depth--;
    else if (depth === 0 && /\s/.test(char)) return at;
  }
  return text.length;
}

function typeNamed(type: string): Check | undefined {
  const word = type.replace(/^\?/, '').toLowerCase();
  return Object.hasOwn(TYPES, word) ? TYPES[word] : undefined;
}

export function isOptional({ type }: CommandParameter): boolean {
  return /^\?|^option/i.test(type);
}

export function declared({ name, type }: CommandParameter): string {
  return [name, type].filter(Boolean).join(': ');
}

function invalid(name: string, what: string, cause?: unknown): ClocheError {
  return new ClocheError('ARGUMENTS_INVALID', `Command ${shown(name)} ${what}`, { cause });
}
