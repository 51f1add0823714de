// The keys of the Extism manifest, in either case.

import { camelCase } from '../../manifest/fields.ts';

export const EXTISM_KEYS: readonly string[] = [
  'wasm',
  'config',
  'allowed_hosts',
  'allowed_paths',
  'memory',
  'timeout_ms',
];

/** Whether a key is one of this manifest, in either case. */
export function isExtismKey(key: string): boolean {
  return EXTISM_KEYS.includes(key) || EXTISM_KEYS.map(camelCase).includes(key);
}
