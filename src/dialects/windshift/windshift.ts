// Windshift plugins: how they are told. All the rest comes with the first of them.

import type { Place } from '../../manifest/manifest-draft.ts';
import type { JsonObject } from '../../util/json/untrusted-json.ts';
import type { Dialect } from '../dialect.ts';
import { handlers } from './handlers.ts';
import { loadCode, loadHttp } from './load.ts';
import { manifestsIn } from './package-paths.ts';

const MARKS = ['entrypoint', 'routes', 'webhooks', 'extensions'];
const KEYS = [...MARKS, 'name', 'version', 'description', 'author', 'capabilities', 'schedules'];

export const windshift = {
  name: 'windshift',
  label: 'Windshift',
  marks: '`entryPoint`, `routes`, `webhooks` or `extensions`',
  recognise(evidence) {
    if (evidence.kind !== 'manifest' || 'wasm' in evidence.manifest) return undefined;
    const keys = lowerKeys(evidence.manifest);
    if (keys.some((key) => MARKS.includes(key))) return 'mark';
    return fits(keys, evidence.place) ? 'place' : undefined;
  },
  manifestsIn,
  load: async () => (await loadCode()).code,
  http: { prefix: '/api/plugins', load: loadHttp },
  page: async () => (await loadCode()).page,
  handlers,
} satisfies Dialect;

/** Its keys are free and none is required to be read. Alone, unknown ones make it somebody else's, as a web app's. */
function fits(keys: readonly string[], place: Place): boolean {
  if (place === 'package' || place === 'beside') return true;
  return keys.includes('name') && (place === 'nested' || keys.every((key) => KEYS.includes(key)));
}

/** Go takes keys in any case. */
function lowerKeys(manifest: JsonObject): string[] {
  return Object.keys(manifest).map((key) => key.toLowerCase());
}
