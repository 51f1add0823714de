// What a plugin's modal shows: rows for an object, text for anything else (WS31). Never markup.

import type { ModalContent, ModalRow } from '../../../manifest/page-messages.ts';
import { shownLine, shownLines } from '../../../util/text/shown-text.ts';

/** More than a dialog is good for; a message may hold 100,000 values. */
const MOST_ROWS = 200;
const MOST_LABEL_BYTES = 200;
const MOST_VALUE_LENGTH = 10_000;

/** @param value JSON data of a page */
export function modalContent(value: unknown): ModalContent {
  if (typeof value !== 'object' || value === null) return { kind: 'text', text: asText(value) ?? '' };
  const entries = Object.entries(value);
  const rows = entries.slice(0, MOST_ROWS).map(([key, item]) => row(key, item));
  return { kind: 'rows', rows, left: entries.length - rows.length };
}

function row(key: string, value: unknown): ModalRow {
  const isCode = typeof value === 'object' && value !== null;
  return { label: labelOf(key), value: isCode ? asJson(value) : asText(value), isCode };
}

/** `first_name` is `First Name`. */
function labelOf(key: string): string {
  const words = shownLine(key, MOST_LABEL_BYTES).split('_').join(' ').split(' ');
  return words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join(' ');
}

/** Undefined for what is falsy: the contract has `0` and `false` among it. */
function asText(value: unknown): string | undefined {
  return value ? shownLines(String(value), MOST_VALUE_LENGTH) : undefined;
}

function asJson(value: object): string {
  return shownLines(JSON.stringify(value, null, 2), MOST_VALUE_LENGTH);
}
