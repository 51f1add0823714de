// The schema of a plugin's config as its manifest gives it: JSON Schema 2020-12, bounded before anything is checked by it. What
// it may still take to check something is bounded where that is done, see `schema-checker.ts`.
// https://json-schema.org/draft/2020-12/json-schema-core

import { HOSTS } from '../capabilities/http/scope-rule.ts';
import { parseEntries } from '../capabilities/scopes/name-rules.ts';
import { messageOf } from '../errors.ts';
import type { ConfigField, ConfigSchema, PluginManifest } from '../manifest/plugin-manifest.ts';
import { SECRET_NAME } from '../secrets/handle.ts';
import { formatPath, invalid, isJsonObject, type JsonObject, type Path } from '../util/json/untrusted-json.ts';
import { shown } from '../util/text/shown.ts';
import { defaultsOf, isSecret } from './config-values.ts';

const MOST_LENGTH = 65_536;
const MOST_DEPTH = 32;
const MOST_FIELDS = 200;
/** Steps of one check, without the repetition by items: references to references double with each. */
const MOST_STEPS = 5_000;

const TYPES: readonly unknown[] = ['string', 'number', 'integer', 'boolean', 'object', 'array'];

/** They would make a reference mean something else than the place that it names. */
const REFUSED = ['$id', 'id', '$anchor', '$dynamicRef', '$dynamicAnchor', '$recursiveRef', '$recursiveAnchor'];
const LOCAL = /^#\/(\$defs|definitions)\/([A-Za-z0-9_.-]{1,100})$/;

/** Keywords by what is below them: a schema, a list of schemas, or schemas by name. */
const SCHEMAS =
  'additionalItems unevaluatedItems items contains additionalProperties unevaluatedProperties propertyNames not if then else'.split(
    ' ',
  );
const LISTS = ['prefixItems', 'items', 'allOf', 'anyOf', 'oneOf'];
const MAPS = ['$defs', 'definitions', 'properties', 'patternProperties', 'dependentSchemas'];

/**
 * Checks `configSchema` of a manifest: an object with `properties`, each of one `type`, so that a form can show it and text can
 * be read as it. A field is secret by `writeOnly: true`; it is a string without a default, and `x-hosts` lists where it may go.
 * @param value as it was parsed: copied, and no deeper than anything else in a manifest
 * @throws {ClocheError} MANIFEST_INVALID with the path of the keyword
 */
export function checkedSchema(value: unknown, path: Path): ConfigSchema {
  if (!isJsonObject(value) || value.type !== 'object') {
    throw invalid(path, 'should be a JSON Schema of `"type": "object"`');
  }
  const length = JSON.stringify(value).length;
  if (length > MOST_LENGTH) throw invalid(path, `has ${length} characters, more than ${MOST_LENGTH}`);
  const { properties } = value;
  if (!isJsonObject(properties))
    throw invalid([...path, 'properties'], `should be an object, not ${shown(properties)}`);
  const names = Object.keys(properties);
  if (names.length > MOST_FIELDS) throw invalid([...path, 'properties'], `has more than ${MOST_FIELDS} fields`);
  for (const name of names) checkField(name, properties[name], [...path, 'properties', name]);
  new StepCounter(value, path).count(value, path, 0);
  return value as ConfigSchema & JsonObject;
}

/**
 * A manifest's config with its schema: with what the schema gives by default.
 * @throws {ClocheError} MANIFEST_INVALID with the path of the keyword
 */
export function withSchema(
  config: ReadonlyMap<string, string>,
  schema: unknown,
  path: Path,
): Pick<PluginManifest, 'config' | 'configSchema'> {
  const configSchema = checkedSchema(schema, path);
  const secret = [...config.keys()].find((name) => isSecret(configSchema, name));
  if (secret !== undefined) throw invalid(['config', secret], 'is a secret, which everybody would know');
  return { config: new Map([...defaultsOf(configSchema), ...config]), configSchema };
}

function checkField(name: string, field: unknown, path: Path): asserts field is ConfigField {
  if (!isJsonObject(field)) throw invalid(path, `should be an object, not ${shown(field)}`);
  const { type, writeOnly = false } = field;
  if (!TYPES.includes(type))
    throw invalid([...path, 'type'], `should be one of ${TYPES.join(', ')}, not ${shown(type)}`);
  if (typeof writeOnly !== 'boolean') throw invalid([...path, 'writeOnly'], 'should be true or false');
  if (!writeOnly) return;
  if (type !== 'string') throw invalid([...path, 'type'], 'should be "string": it is a secret');
  if (!SECRET_NAME.test(name)) throw invalid(path, 'is no name of a secret: 1 to 64 letters, digits, ".", "_" or "-"');
  if (field['x-hosts'] !== undefined) checkHosts(field['x-hosts'], [...path, 'x-hosts']);
  if ('default' in field) throw invalid([...path, 'default'], 'is the default of a secret, which everybody would know');
}

function checkHosts(hosts: unknown, path: Path): void {
  try {
    parseEntries(hosts, formatPath(path), HOSTS);
  } catch (thrown) {
    throw invalid(path, `cannot be read: ${messageOf(thrown)}`);
  }
}

/** Counts what checking one value by a schema may take, a reference as what it leads to. */
class StepCounter {
  readonly #root: JsonObject;
  readonly #path: Path;
  /** Undefined while it is being counted: whoever meets it then is within it. */
  readonly #targets = new Map<string, number | undefined>();

  constructor(root: JsonObject, path: Path) {
    this.#root = root;
    this.#path = path;
  }

  count(schema: unknown, path: Path, depth: number): number {
    if (typeof schema === 'boolean') return 1;
    if (!isJsonObject(schema)) throw invalid(path, `should be a schema, not ${shown(schema)}`);
    if (depth > MOST_DEPTH) throw invalid(path, `is nested deeper than ${MOST_DEPTH}`);
    const refused = REFUSED.find((keyword) => keyword in schema);
    if (refused !== undefined) throw invalid([...path, refused], 'has no place in the schema of a config');
    const isField = depth === 1 && path.at(-2) === 'properties';
    if (schema.writeOnly === true && !isField) {
      throw invalid(
        [...path, 'writeOnly'],
        'is for the fields of the config themselves: nothing within one is kept as a secret',
      );
    }
    const inner = (value: unknown, ...steps: Path): number => this.count(value, [...path, ...steps], depth + 1);
    let steps = 1 + ('$ref' in schema ? this.#countTarget(schema.$ref, [...path, '$ref'], depth) : 0);
    for (const [keyword, value] of Object.entries(schema)) {
      if (MAPS.includes(keyword)) {
        if (!isJsonObject(value)) throw invalid([...path, keyword], `should be an object, not ${shown(value)}`);
        for (const [name, one] of Object.entries(value)) steps += inner(one, keyword, name);
      } else if (LISTS.includes(keyword) && Array.isArray(value)) {
        value.forEach((one, index) => {
          steps += inner(one, keyword, index);
        });
      } else if (SCHEMAS.includes(keyword)) steps += inner(value, keyword);
    }
    if (steps > MOST_STEPS) throw invalid(this.#path, `takes more than ${MOST_STEPS} steps to check by`);
    return steps;
  }

  #countTarget(ref: unknown, path: Path, depth: number): number {
    const [, map = '', name = ''] = (typeof ref === 'string' && LOCAL.exec(ref)) || [];
    const targets = this.#root[map];
    if (!isJsonObject(targets) || !Object.hasOwn(targets, name)) {
      throw invalid(path, `should be "#/$defs/" and a name that is there, not ${shown(ref)}`);
    }
    const key = `${map}/${name}`;
    const known = this.#targets.get(key);
    if (known === undefined && this.#targets.has(key)) throw invalid(path, 'leads back to itself');
    if (known !== undefined) return known;
    this.#targets.set(key, undefined);
    const steps = this.count(targets[name], [...this.#path, map, name], depth + 1);
    this.#targets.set(key, steps);
    return steps;
  }
}
