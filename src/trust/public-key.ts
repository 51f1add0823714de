// Public keys as apps, packages and records write them: `ed25519:` and the 32 bytes in base64url.

/** @example 'ed25519:11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' */
export type PublicKey = `ed25519:${string}`;

// The last digit has two bits that say nothing. They have to be 0: one key has one spelling.
const KEY = /^ed25519:[\w-]{42}[AEIMQUYcgkosw048]$/;

export function isPublicKey(value: unknown): value is PublicKey {
  return typeof value === 'string' && KEY.test(value);
}
