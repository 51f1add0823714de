// What a plugin has of a secret: a handle, in whose place the host puts the secret where it may go.

/** Of the field's name: in a handle it needs no escapes. */
export const SECRET_NAME = /^[A-Za-z0-9_.-]{1,64}$/;

const BEGINNING = '{{secret:';
const HANDLE = /\{\{secret:([A-Za-z0-9_.-]{1,64})\}\}/;

/** @example handleOf('token') // '{{secret:token}}' */
export function handleOf(name: string): string {
  return `${BEGINNING}${name}}}`;
}

/** Whether there is a handle in a text, or what begins as one. */
export function hasHandle(text: string): boolean {
  return text.includes(BEGINNING);
}

/**
 * The same text with secrets in place of handles; what a secret itself holds is not looked at again.
 * @param secret by its name
 * @param unreadable what begins as a handle and is none, behind that beginning
 */
export async function fillHandles(
  text: string,
  secret: (name: string) => string | Promise<string>,
  unreadable: (rest: string) => Error,
): Promise<string> {
  const parts = text.split(HANDLE);
  // Text and names by turns.
  const broken = parts.find((part, index) => index % 2 === 0 && hasHandle(part));
  if (broken !== undefined) throw unreadable(broken.slice(broken.indexOf(BEGINNING) + BEGINNING.length));
  return (await Promise.all(parts.map((part, index) => (index % 2 === 0 ? part : secret(part))))).join('');
}
