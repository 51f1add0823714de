// What a person may send: each check answers a sentence about what is wrong, or `''`.

import { Json, Kind } from './json';

/** A name on one line. Control characters would let it break out of a mail's header. */
export function checkLine(document: Json, name: string, most: i32): string {
  const wrong = checkText(document, name, most);
  if (wrong.length > 0) return wrong;
  return hasControls(document.textOf(name)) ? `\`${name}\` must be one line` : '';
}

/** Absent is fine, and stands for an empty text. */
export function checkText(document: Json, name: string, most: i32): string {
  const field = document.get(name);
  if (field === null) return '';
  if (field.kind !== Kind.Text) return `\`${name}\` must be a text`;
  return field.text.length > most ? `\`${name}\` must have at most ${most} characters` : '';
}

/** Enough to catch a slip of the pen; whether anybody lives there only the mail server knows. */
export function isAddress(address: string): bool {
  const at = address.indexOf('@');
  return (
    at > 0 &&
    at === address.lastIndexOf('@') &&
    at < address.length - 1 &&
    address.length <= 254 &&
    !hasControls(address) &&
    !address.includes(' ') &&
    !address.includes(',')
  );
}

function hasControls(value: string): bool {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}
