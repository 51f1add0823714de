// Reads what comes out of a page's port. A page can get at the port past the bootstrap, so nothing is taken as given.

import {
  type FromPage,
  type HeaderList,
  MOST_BODY_BYTES,
  MOST_COLOR_LENGTH,
  MOST_HEADERS,
  MOST_MESSAGE_LENGTH,
  MOST_NOTE_LENGTH,
  MOST_TEXT_COLORS,
  MOST_URL_LENGTH,
} from './page-protocol.ts';

const MOST_HEADER_LENGTH = 16_384;

/** A copy of the message, or undefined when the bootstrap would not have sent it. */
export function readPageMessage(data: unknown): FromPage | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const message = readFields(data);
  // What else is in it was copied into this page all the same, however large it is.
  return message && Object.keys(data).length === Object.keys(message).length ? message : undefined;
}

function readFields(data: object): FromPage | undefined {
  const { type, json, id, open, text, url } = data as Record<string, unknown>;
  switch (type) {
    case 'MESSAGE':
      return isText(json, MOST_MESSAGE_LENGTH) ? { type, json } : undefined;
    case 'REQUEST':
      return readRequest(data as Record<string, unknown>);
    case 'ABORT':
      return isId(id) ? { type, id } : undefined;
    case 'PONG':
    case 'BLOCKED':
      return { type };
    case 'DIALOG':
      return typeof open === 'boolean' ? { type, open } : undefined;
    case 'NOTE':
      return isText(text, MOST_NOTE_LENGTH) ? { type, text } : undefined;
    case 'LOOK':
      return readLook(data as Record<string, unknown>);
    case 'GO':
    case 'LINK':
      return isText(url, MOST_URL_LENGTH) ? { type, url } : undefined;
    default:
      return undefined;
  }
}

function readRequest({ id, url, method, headers, body, inline }: Record<string, unknown>): FromPage | undefined {
  if (!isId(id) || !isText(url, MOST_URL_LENGTH) || !isText(method, 32)) return undefined;
  if (typeof inline !== 'boolean') return undefined;
  if (body !== null && !(body instanceof ArrayBuffer && body.byteLength <= MOST_BODY_BYTES)) return undefined;
  const list = readHeaders(headers);
  return list && { type: 'REQUEST', id, url, method, headers: list, body, inline };
}

function readLook({ usesToken, hasScheme, text }: Record<string, unknown>): FromPage | undefined {
  if (
    typeof usesToken !== 'boolean' ||
    typeof hasScheme !== 'boolean' ||
    !isPlainList(text) ||
    text.length > MOST_TEXT_COLORS
  )
    return undefined;
  const colors = text.filter((color) => isText(color, MOST_COLOR_LENGTH));
  return colors.length === text.length ? { type: 'LOOK', usesToken, hasScheme, text: colors } : undefined;
}

function readHeaders(value: unknown): HeaderList | undefined {
  if (!isPlainList(value) || value.length > MOST_HEADERS) return undefined;
  const copy: [string, string][] = [];
  let length = 0;
  for (const entry of value) {
    if (!isPlainList(entry) || entry.length !== 2) return undefined;
    const [name, content] = entry;
    if (typeof name !== 'string' || typeof content !== 'string') return undefined;
    length += name.length + content.length;
    if (length > MOST_HEADER_LENGTH) return undefined;
    copy.push([name, content]);
  }
  return copy;
}

/** Without properties besides its items. */
function isPlainList(value: unknown): value is unknown[] {
  return Array.isArray(value) && Object.keys(value).length === value.length;
}

function isText(value: unknown, maxLength: number): value is string {
  return typeof value === 'string' && value.length <= maxLength;
}

function isId(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
