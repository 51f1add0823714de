// The schema of a config, cut to what is to be checked by it.

import { isSecret } from '../../config/config-values.ts';
import type { ConfigSchema } from '../../manifest/plugin-manifest.ts';

/** What speaks of one field, whatever the others are, and what that refers to. */
const OF_FIELDS = ['additionalProperties', 'patternProperties', 'propertyNames', '$defs', 'definitions'];

/** Each field by itself, and none of the secrets: what is there of those is a handle. */
export function fieldsAlone(schema: ConfigSchema): object {
  const kept = Object.entries(schema).filter(([keyword]) => OF_FIELDS.includes(keyword));
  const all = new Map(Object.keys(schema.properties).map((name) => [name, '']));
  return { ...Object.fromEntries(kept), properties: openFields(schema, all) };
}

/** All of it, but that a secret which is set has some value. */
export function withoutSecrets(schema: ConfigSchema, set: ReadonlyMap<string, string>): object {
  return { ...schema, properties: openFields(schema, set) };
}

function openFields(schema: ConfigSchema, set: ReadonlyMap<string, string>): object {
  const fields = Object.entries(schema.properties);
  return Object.fromEntries(
    fields.map(([name, field]) => [name, isSecret(schema, name) && set.has(name) ? true : field]),
  );
}
