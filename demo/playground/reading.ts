// Ways to read the bytes of an output, and which of them fits.

import { layOut } from './pretty.ts';

export type View = 'text' | 'json' | 'hex';

/** Beyond this a plugin's output would make the page itself slow; the download has all of it. */
export const SHOWN_TEXT = 64 << 10;
export const SHOWN_HEX = 4 << 10;
const PARSED_JSON = 1 << 20;

export type Reading = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly why: string };

export function readText(bytes: Uint8Array): Reading {
  try {
    // A cut inside a character must not make text unreadable, so it is decoded as a stream.
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(0, SHOWN_TEXT), {
      stream: bytes.length > SHOWN_TEXT,
    });
    return { ok: true, text };
  } catch {
    // The decoder only ever throws for bytes that are not UTF-8, which is the answer.
    return { ok: false, why: 'These bytes are not UTF-8 text. The hex view shows them.' };
  }
}

export function readJson(bytes: Uint8Array): Reading {
  if (bytes.length > PARSED_JSON) return { ok: false, why: 'Too large to show as JSON.' };
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    JSON.parse(text);
    return { ok: true, text: layOut(text, SHOWN_TEXT).slice(0, SHOWN_TEXT) };
  } catch {
    // Neither UTF-8 nor JSON: both mean that this view has nothing to show.
    return { ok: false, why: 'This output is not JSON.' };
  }
}

/** The view that says most: JSON for objects and lists, text where it is text, else hex. */
export function bestView(bytes: Uint8Array): View {
  const first = bytes[0];
  const opensJson = first === 0x7b || first === 0x5b;
  if (opensJson && readJson(bytes).ok) return 'json';
  return readText(bytes).ok ? 'text' : 'hex';
}
