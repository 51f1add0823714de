// The keys of Cloche's own manifest.

import { CONTRIBUTION_KEYS } from '../../manifest/contributions.ts';

const OWN_KEYS = [
  'cloche',
  'id',
  'name',
  'version',
  'description',
  'author',
  'homepage',
  'wasm',
  'config',
  'configSchema',
  'permissions',
  'limits',
  'instance',
  'wasi',
  'defaultCall',
];

export function clocheKeys(): readonly string[] {
  return [...OWN_KEYS, ...CONTRIBUTION_KEYS];
}
