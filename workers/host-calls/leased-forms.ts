// How a host function that is leased takes its arguments and gives its answer: as values, or in JSON. What is not read here for
// certain as the page would read it is left to the page.

import type { LeasedJson, Leasing, WireValue } from '../../src/runtime/wire/protocol.ts';

export interface LeasedForm {
  /** Undefined for what the page has to judge. */
  read(args: readonly WireValue[]): { readonly key: string; readonly value: Uint8Array } | undefined;
  /** The answer of `get`; undefined where the page has to write it. */
  got(value: Uint8Array | undefined): WireValue | undefined;
  /** The answer of `set`, where there is room. */
  set(): WireValue;
  deleted(existed: boolean): WireValue;
}

/** Longer keys, and JSON, are the page's to read, in bytes. */
const MOST_KEY_BYTES = 4_096;
const MOST_JSON_BYTES = 65_536;

export function formOf({ json }: Leasing): LeasedForm {
  return json ? jsonForm(json) : VALUES;
}

const VALUES: LeasedForm = {
  read([key, value = null]) {
    if (key !== null && !(key instanceof Uint8Array && key.length <= MOST_KEY_BYTES)) return undefined;
    if (value !== null && !(value instanceof Uint8Array)) return undefined;
    return { key: key ? decode(key) : '', value: value ?? new Uint8Array() };
  },
  got: (value) => value ?? null,
  set: () => 0n,
  deleted: (existed) => (existed ? 1n : 0n),
};

/** As encoders write it. Other spellings, which a lenient reader takes as well, are not known here. */
const REQUEST = /^\{\s*"key"\s*:\s*"(?:[^"\\]|\\.)+"\s*(?:,\s*"value"\s*:\s*"(?:[^"\\]|\\.)*"\s*)?\}\s*$/s;

/** What one dialect or another writes as an escape, and `JSON.stringify` does not. */
const ESCAPED = /[<>&\u007f-\u009f\u2028\u2029]/;

function jsonForm({ done, absent, found: [before, behind] }: LeasedJson): LeasedForm {
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  return {
    read([request]) {
      if (!(request instanceof Uint8Array) || request.length > MOST_JSON_BYTES) return undefined;
      const text = decode(request);
      if (!REQUEST.test(text)) return undefined;
      const { key, value = '' } = parse(text) ?? {};
      // Halves of a pair and bytes that are no text are replaced by the page, in ways of its own.
      if (key === undefined || /[\p{Cs}\ufffd]/u.test(key + value)) return undefined;
      return { key, value: encode(value) };
    },
    got(value) {
      if (!value) return encode(absent);
      const text = decode(value);
      if (text === '') return encode(done);
      return ESCAPED.test(text) ? undefined : encode(before + JSON.stringify(text) + behind);
    },
    set: () => encode(done),
    deleted: () => encode(done),
  };
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

/** Undefined for what only looks like JSON. */
function parse(text: string): { readonly key?: string; readonly value?: string } | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
