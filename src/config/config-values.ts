// Between what a guest reads of its config, which is text, and what its schema speaks of: a string is itself, everything else
// its JSON. Each field says its one type, so either way is the only one.

import type { ConfigSchema } from '../manifest/plugin-manifest.ts';

export type ConfigValues = Readonly<Record<string, unknown>>;

/** What names beside those of the schema have is text. Text that is no JSON stays text, which then is of the wrong type. */
export function valueIn(schema: ConfigSchema, name: string, text: string): unknown {
  const type = Object.hasOwn(schema.properties, name) ? schema.properties[name]?.type : 'string';
  if (type === 'string') return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export function valuesOf(schema: ConfigSchema, config: Iterable<readonly [string, string]>): Record<string, unknown> {
  return Object.fromEntries([...config].map(([name, text]) => [name, valueIn(schema, name, text)]));
}

/** What the schema gives a field that nobody has set. */
export function defaultsOf({ properties }: ConfigSchema): [string, string][] {
  return Object.entries(properties).flatMap(([name, field]) =>
    field.default === undefined ? [] : [[name, textOf(field.default)] as [string, string]],
  );
}

export function isSecret({ properties }: ConfigSchema, name: string): boolean {
  return Object.hasOwn(properties, name) && properties[name]?.writeOnly === true;
}

export function secretNames(schema: ConfigSchema): string[] {
  return Object.keys(schema.properties).filter((name) => isSecret(schema, name));
}
