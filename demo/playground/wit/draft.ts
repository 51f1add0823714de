// What somebody has typed into the form of a function, and the arguments that this makes. A field is told by its path: the number of
// the parameter, then that of the field, case or item, such as `0.2.1`; no name of a plugin is a key anywhere.

import { type Primitive, RANGES } from '../../../workers/component/world/wit-types.ts';
import type { Wit, WitFunction } from './parse-wit.ts';

/** Texts by path. A tick is `yes`; a choice its number; a list the numbers of its items, in their order. */
export type Draft = ReadonlyMap<string, string>;

export interface Read {
  /** As JSON has them, which is how an export of a component is called. */
  readonly args: readonly unknown[];
  /** What is wrong, by path. */
  readonly errors: ReadonlyMap<string, string>;
}

/** Of one list. A longer one is written as JSON. */
export const MOST_ITEMS = 100;

/** Beside the path of bytes: how they are written. */
export const asHex = (path: string): string => `${path}.hex`;

export function readDraft({ params }: WitFunction, draft: Draft): Read {
  const errors = new Map<string, string>();
  const reader = new Reader(draft, errors);
  return { args: params.map(({ type }, index) => reader.value(type, String(index))), errors };
}

export function itemsOf(draft: Draft, path: string): readonly string[] {
  const text = draft.get(path) ?? '';
  return text === '' ? [] : text.split(',');
}

/** The number of a choice that is there. */
export function choiceOf(draft: Draft, path: string, count: number): number {
  const number = Number(draft.get(path) ?? 0);
  return number < count ? number : 0;
}

export const isTicked = (draft: Draft, path: string): boolean => draft.get(path) === 'yes';

class Reader {
  readonly #draft: Draft;
  readonly #errors: Map<string, string>;

  constructor(draft: Draft, errors: Map<string, string>) {
    this.#draft = draft;
    this.#errors = errors;
  }

  value(type: Wit, path: string): unknown {
    const draft = this.#draft;
    switch (type.kind) {
      case 'record':
        return Object.fromEntries(type.parts.map(({ name }, index) => [name, this.#part(type.parts, path, index)]));
      case 'variant': {
        const index = choiceOf(draft, path, type.parts.length);
        return this.#tagged(type.parts[index]?.name ?? '', this.#part(type.parts, path, index));
      }
      case 'flags':
        return type.names.filter((_, index) => isTicked(draft, `${path}.${index}`));
      case 'enum':
        return type.names[choiceOf(draft, path, type.names.length)];
      case 'tuple':
        return type.items.map((item, index) => this.value(item, `${path}.${index}`));
      case 'list':
        if (type.of.kind === 'u8') return this.#bytes(path);
        return itemsOf(draft, path).map((item) => this.value(type.of, `${path}.${item}`));
      case 'option': {
        if (!isTicked(draft, path)) return null;
        const val = this.value(type.of, `${path}.0`);
        return type.of.kind === 'option' ? { tag: 'some', val } : val;
      }
      case 'result': {
        const index = choiceOf(draft, path, 2);
        const of = index === 0 ? type.ok : type.err;
        return this.#tagged(index === 0 ? 'ok' : 'err', of && this.value(of, `${path}.${index}`));
      }
      case 'own':
      case 'borrow':
        return { handle: this.#handle(path) };
      default:
        return this.#primitive(type.kind, path);
    }
  }

  #part(parts: readonly { readonly type: Wit | undefined }[], path: string, index: number): unknown {
    const type = parts[index]?.type;
    return type && this.value(type, `${path}.${index}`);
  }

  #tagged(tag: string, val: unknown): { tag: string; val?: unknown } {
    return val === undefined ? { tag } : { tag, val };
  }

  #primitive(kind: Primitive, path: string): unknown {
    const text = this.#draft.get(path) ?? '';
    switch (kind) {
      case 'bool':
        return isTicked(this.#draft, path);
      case 'string':
        return text;
      case 'char':
        if ([...text].length === 1 && !/^[\ud800-\udfff]$/.test(text)) return text;
        return this.#wrong(path, text === '' ? 'One character' : 'One character, not several');
      case 'f32':
      case 'f64':
        return this.#float(text.trim(), path);
      default:
        return this.#integer(kind, text.trim(), path);
    }
  }

  #integer(kind: Primitive, text: string, path: string): unknown {
    const [lowest, highest] = RANGES[kind] ?? [0n, 0n];
    const number = /^[+-]?\d{1,30}$/.test(text) ? BigInt(text.replace('+', '')) : undefined;
    if (number === undefined || number < lowest || number > highest) {
      return this.#wrong(path, `A whole number from ${lowest} to ${highest}`);
    }
    return kind === 's64' || kind === 'u64' ? String(number) : Number(number);
  }

  #float(text: string, path: string): unknown {
    if (/^(?:NaN|[+-]?Infinity)$/.test(text)) return text.replace('+', '');
    if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) || !Number.isFinite(Number(text))) {
      return this.#wrong(path, 'A number such as 1.5 or 2e-7; or NaN, Infinity, -Infinity');
    }
    return Number(text);
  }

  #bytes(path: string): unknown {
    const text = this.#draft.get(path) ?? '';
    if (!isTicked(this.#draft, asHex(path))) return [...new TextEncoder().encode(text)];
    const digits = text.replaceAll(/[\s,]/g, '');
    if (!/^(?:[0-9a-f]{2})*$/i.test(digits)) return this.#wrong(path, 'Two digits from 0 to f for each byte');
    return Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  }

  #handle(path: string): unknown {
    const text = (this.#draft.get(path) ?? '').trim();
    return /^[1-9]\d{0,8}$/.test(text)
      ? Number(text)
      : this.#wrong(path, 'The number of a handle that a call before has given');
  }

  #wrong(path: string, what: string): undefined {
    this.#errors.set(path, what);
    return undefined;
  }
}
