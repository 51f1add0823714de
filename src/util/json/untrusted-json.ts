// Untrusted data in, plain copies out: null-prototype objects, arrays, and scalars. Knows size, and nothing of manifests.
// Text is read by `parse-json.ts`.

import { ClocheError, messageOf } from '../../errors.ts';
import { visibleText } from '../text/visible-text.ts';

/** An object without a prototype: no key of it can be inherited, and `__proto__` is a key like any other. */
export type JsonObject = { [key: string]: unknown };

export type Path = readonly (string | number)[];

export interface CopyOptions {
  /** Most characters in all strings and keys together. @default 1048576 */
  maxLength?: number;
  /** Most values, objects and arrays among them. @default 100000 */
  maxValues?: number;
  /** Objects that are kept as they are: the caller must copy or check what is inside. @default none */
  isLeaf?: (value: object) => boolean;
  /** Getters are read, once, in place of being refused. @default false */
  getters?: boolean;
}

export const MAX_LENGTH = 1 << 20;
const MAX_DEPTH = 64;
export const MAX_NODES = 100_000;

/**
 * Copies data that came as objects, under the rules of `parseJson`. Only own enumerable data
 * properties are read, each once; a property that is `undefined` counts as absent.
 * @throws {ClocheError} MANIFEST_INVALID with the path for getters, class instances, functions, holes,
 * cycles, and whatever is over a cap.
 */
export function copyData(value: unknown, options: CopyOptions = {}): unknown {
  const { maxLength = MAX_LENGTH, maxValues = MAX_NODES, isLeaf = () => false, getters = false } = options;
  // No object gives a key twice, and looking for it takes as long as all the rest.
  const builder = new JsonBuilder({ maxLength, maxValues, repeats: true });
  try {
    copyInto(builder, value, { isLeaf, getters });
  } catch (thrown) {
    // Nobody but a getter or a proxy of whoever gave it throws anything else.
    throw thrown instanceof ClocheError ? thrown : builder.error(`cannot be read: ${messageOf(thrown)}`);
  }
  return builder.result;
}

export function formatPath(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (/^[A-Za-z_$][\w$]{0,63}$/.test(step)) text += text === '' ? step : `.${step}`;
    else text += `["${visibleText(step, 40)}"]`;
  }
  return text;
}

/** MANIFEST_INVALID: "`wasm[1].hash` is …". */
export function invalid(path: Path, problem: string): ClocheError {
  const place = path.length === 0 ? 'The manifest' : `\`${visibleText(formatPath(path), 200)}\``;
  return new ClocheError('MANIFEST_INVALID', `${place} ${problem}`);
}

export function newObject(): JsonObject {
  return Object.create(null) as JsonObject;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === null;
}

interface Level {
  readonly container: JsonObject | unknown[];
  /** The key being read; undefined in an array, and in an object before its first. */
  key: string | undefined;
}

interface BuilderRules {
  /** Most characters in all strings and keys together. */
  readonly maxLength: number;
  readonly maxValues: number;
  /** A key may come twice. */
  readonly repeats: boolean;
}

/** Builds a value from the outside in and knows at any time where it is. */
export class JsonBuilder {
  result: unknown;
  readonly #levels: Level[] = [];
  readonly #rules: BuilderRules;
  #nodes = 0;
  #length = 0;

  constructor(rules: BuilderRules) {
    this.#rules = rules;
  }

  open(container: JsonObject | unknown[]): void {
    if (this.#levels.length === MAX_DEPTH) throw this.error(`is nested deeper than ${MAX_DEPTH}`);
    this.add(container);
    this.#levels.push({ container, key: undefined });
  }

  close(): void {
    this.#levels.pop();
  }

  key(key: string): void {
    const top = this.#levels.at(-1);
    if (!top || Array.isArray(top.container)) return;
    top.key = key;
    this.#count(key.length);
    if (!this.#rules.repeats && Object.hasOwn(top.container, key)) throw this.error('is given twice');
  }

  add(value: unknown): void {
    const top = this.#levels.at(-1);
    const { maxValues } = this.#rules;
    if (++this.#nodes > maxValues) throw this.error(`is one of more than ${maxValues} values`);
    if (typeof value === 'number' && !Number.isFinite(value)) throw this.error('is not a finite number');
    if (typeof value === 'string') this.#count(value.length);
    if (!top) this.result = value;
    else if (Array.isArray(top.container)) top.container.push(value);
    else if (top.key !== undefined) top.container[top.key] = value;
  }

  error(problem: string): ClocheError {
    const innermost = this.#levels.length - 1;
    // The item that is being read is in its array only if it is one of the open containers.
    const path = this.#levels.map(({ container, key }, level) =>
      Array.isArray(container) ? container.length - (level < innermost ? 1 : 0) : key,
    );
    return invalid(
      path.filter((step) => step !== undefined),
      problem,
    );
  }

  #count(length: number): void {
    this.#length += length;
    const { maxLength } = this.#rules;
    if (this.#length > maxLength) throw this.error(`goes over ${maxLength} characters`);
  }
}

type CopyRules = Required<Pick<CopyOptions, 'isLeaf' | 'getters'>>;

function copyInto(builder: JsonBuilder, value: unknown, rules: CopyRules): void {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    builder.add(value);
  } else if (typeof value !== 'object') {
    throw builder.error(`is ${value === undefined ? 'undefined' : `a ${typeof value}`}`);
  } else if (rules.isLeaf(value)) {
    builder.add(value);
  } else if (Array.isArray(value)) {
    copyArray(builder, value, rules);
  } else {
    copyObject(builder, value, rules);
  }
}

function copyArray(builder: JsonBuilder, value: object, rules: CopyRules): void {
  builder.open([]);
  const length = Object.getOwnPropertyDescriptor(value, 'length')?.value as number;
  // A hole ends the copy as `undefined`, so an array of a billion holes costs nothing.
  for (let index = 0; index < length; index++) {
    copyInto(builder, dataOf(builder, value, `${index}`, rules), rules);
  }
  builder.close();
}

function copyObject(builder: JsonBuilder, value: object, rules: CopyRules): void {
  const prototype: unknown = Object.getPrototypeOf(value);
  // Objects of another realm are plain too: their prototype is that realm's, and has none itself.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw builder.error('is not a plain object');
  }
  builder.open(newObject());
  for (const key of Object.keys(value)) {
    builder.key(key);
    const item = dataOf(builder, value, key, rules);
    if (item !== undefined) copyInto(builder, item, rules);
  }
  builder.close();
}

function dataOf(builder: JsonBuilder, owner: object, key: string, { getters }: CopyRules): unknown {
  if (getters) return Reflect.get(owner, key);
  const property = Object.getOwnPropertyDescriptor(owner, key);
  if (property && !('value' in property)) throw builder.error('is a getter');
  return property?.value;
}
