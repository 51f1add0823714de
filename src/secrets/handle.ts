// What a plugin has of a secret: a handle, in whose place the host puts the secret where it may go.

/** Of the field's name: in a handle it needs no escapes. */
export const SECRET_NAME = /^[A-Za-z0-9_.-]{1,64}$/;

/** @example handleOf('token') // '{{secret:token}}' */
export function handleOf(name: string): string {
  return `{{secret:${name}}}`;
}
