// From the schema of a plugin's config to the fields of a form, and from what is entered there to a config. Pure. The schema is the
// plugin's: what it says is shown as its words, its expressions are run by nobody here, and what is checked is checked by the core.

import type { ConfigField, ConfigProblem, ConfigSchema } from '../../../index.ts';

export type FieldKind =
  | 'secret'
  | 'switch'
  | 'choice'
  | 'number'
  | 'lines'
  | 'json'
  | 'long-text'
  | 'text'
  | 'url'
  | 'email'
  | 'date'
  | 'time';

export interface FormField {
  readonly name: string;
  readonly kind: FieldKind;
  /** The plugin's words for it, else its name. */
  readonly title: string;
  readonly description: string | undefined;
  readonly required: boolean;
  /** Of a choice: the values, and how the plugin calls them. */
  readonly choices: readonly { readonly value: unknown; readonly label: string }[];
  /** Of a number: what it may be, where the schema says so. */
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly isInteger: boolean;
  /** Of a secret: where it may go; undefined for wherever `http` is granted. */
  readonly hosts: readonly string[] | undefined;
}

/** What is entered in a field. */
export interface Draft {
  /** Of a switch `true` or `false`, of a choice the index, else what was typed. */
  readonly text: string;
  /** Of a secret that is set. */
  readonly secret?: 'replace' | 'forget';
}

/** What cannot be a value of the field at all: found before the core is asked. */
export type Misread = 'json' | 'number';

const MOST_CHOICES = 200;
const LONG = 200;
const KINDS: ReadonlyMap<unknown, FieldKind> = new Map<unknown, FieldKind>([
  ['uri', 'url'],
  ['email', 'email'],
  ['date', 'date'],
  ['time', 'time'],
]);

export function fieldsOf(schema: ConfigSchema): FormField[] {
  const required: readonly unknown[] = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(schema.properties).map(([name, field]) => ({
    name,
    kind: kindOf(field),
    title: textIn(field.title) ?? name,
    description: textIn(field.description),
    required: required.includes(name),
    choices: choicesOf(field),
    min: numberIn(field.minimum),
    max: numberIn(field.maximum),
    isInteger: field.type === 'integer',
    hosts: Array.isArray(field['x-hosts']) ? field['x-hosts'].filter((host) => typeof host === 'string') : undefined,
  }));
}

function kindOf(field: ConfigField): FieldKind {
  if (field.writeOnly) return 'secret';
  if (field.type === 'boolean') return 'switch';
  if (choicesOf(field).length > 0) return 'choice';
  if (field.type === 'number' || field.type === 'integer') return 'number';
  if (field.type === 'array' && isText(field.items)) return 'lines';
  if (field.type !== 'string') return 'json';
  const known = KINDS.get(field.format);
  if (known) return known;
  return (numberIn(field.maxLength) ?? 0) > LONG || field.contentMediaType !== undefined ? 'long-text' : 'text';
}

/** By `enum`, or by `oneOf` of which each has a `const` and may have a `title`. More than anybody reads is typed. */
function choicesOf({ enum: values, oneOf }: ConfigField): FormField['choices'] {
  const choices = Array.isArray(values)
    ? values.map((value: unknown) => ({ value, label: labelOf(value) }))
    : Array.isArray(oneOf) && oneOf.every((one) => isRecord(one) && 'const' in one)
      ? oneOf.map((one) => ({ value: one.const as unknown, label: textIn(one.title) ?? labelOf(one.const) }))
      : [];
  return choices.length > MOST_CHOICES ? [] : choices;
}

/** What a field shows of the value that holds. Of a secret nothing. */
export function draftOf(field: FormField, value: unknown): Draft {
  if (value === undefined || field.kind === 'secret') return { text: '' };
  if (field.kind === 'choice') {
    const at = field.choices.findIndex((choice) => JSON.stringify(choice.value) === JSON.stringify(value));
    return { text: at < 0 ? '' : String(at) };
  }
  if (field.kind === 'lines' && Array.isArray(value)) return { text: value.map(labelOf).join('\n') };
  return { text: labelOf(value, 2) };
}

/** Undefined where nothing is entered: then what the manifest says holds. */
export function enteredValue(
  field: FormField,
  { text }: Draft,
): { readonly value: unknown } | { readonly misread: Misread } {
  if (text.trim() === '') return { value: undefined };
  switch (field.kind) {
    case 'switch':
      return { value: text === 'true' };
    case 'choice':
      return { value: field.choices[Number(text)]?.value };
    case 'number': {
      const value = Number(text);
      return Number.isFinite(value) ? { value } : { misread: 'number' };
    }
    case 'lines':
      return { value: text.split(/\r\n?|\n/).filter((line) => line.trim() !== '') };
    case 'json':
      try {
        return { value: JSON.parse(text) as unknown };
      } catch {
        return { misread: 'json' };
      }
    default:
      return { value: text };
  }
}

/** As a guest reads it. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/**
 * What `plugin.configure` is given: what is entered, but for what the manifest says itself, so that a later version of it may say
 * something else. Of secrets those that are to change.
 * @param others what is set and has no field
 */
export function configOf(
  fields: readonly FormField[],
  drafts: ReadonlyMap<string, Draft>,
  own: ReadonlyMap<string, string>,
  others: Readonly<Record<string, unknown>>,
): { readonly config: Record<string, unknown> } | { readonly misread: ReadonlyMap<string, Misread> } {
  const misread = new Map<string, Misread>();
  const entries: [string, unknown][] = Object.entries(others);
  for (const field of fields) {
    const draft = drafts.get(field.name) ?? { text: '' };
    if (field.kind === 'secret') {
      if (draft.secret === 'forget') entries.push([field.name, null]);
      else if (draft.text !== '') entries.push([field.name, draft.text]);
      continue;
    }
    const read = enteredValue(field, draft);
    if ('misread' in read) misread.set(field.name, read.misread);
    else if (read.value !== undefined) entries.push([field.name, read.value]);
  }
  if (misread.size > 0) return { misread };
  const set = entries.filter(([name, value]) => value === null || textOf(value) !== own.get(name));
  return { config: Object.fromEntries(set) };
}

/** What is wrong, for people: `limit` is the number that it speaks of. */
export interface ShownProblem {
  /** Name of the field; undefined for all of the config. */
  readonly field: string | undefined;
  /** Where within the field; undefined for all of it. */
  readonly within: string | undefined;
  readonly kind: 'required' | 'type' | 'low' | 'high' | 'short' | 'long' | 'format' | 'choice' | 'secret' | 'other';
  readonly limit: string;
  /** As the core says it. */
  readonly text: string;
}

const PROBLEMS: readonly (readonly [ShownProblem['kind'], RegExp])[] = [
  ['required', /^Instance does not have required property "(.*)"\.$/s],
  ['type', /^Instance type ".*" is invalid\. Expected "(.*)"\.$/],
  ['low', /is less than (?:or equal to )? ?([-+\d.e]+)\.$/],
  ['high', /is greater than (?:or equal to )? ?([-+\d.e]+)\.$/],
  ['short', /^String is too short \(\d+ < (\d+)\)\.$/],
  ['long', /^String is too long \(\d+ > (\d+)\)\.$/],
  ['format', /^String does not match format "(.*)"\.$/],
  ['choice', /^Instance does not match any of (.*)\.$/s],
  ['secret', /^Expected 8 to 4096 printable ASCII characters/],
];

export function problemOf({ path, field, expected }: ConfigProblem): ShownProblem {
  for (const [kind, pattern] of PROBLEMS) {
    const found = pattern.exec(expected);
    if (!found) continue;
    const limit = found[1] ?? '';
    // What is missing is said of what it is missing in.
    const isField = kind === 'required' && field === undefined;
    const within = path === field || path === '' ? undefined : path;
    return { field: isField ? limit : field, within, kind, limit, text: expected };
  }
  return { field, within: path === field || path === '' ? undefined : path, kind: 'other', limit: '', text: expected };
}

function isText(items: unknown): boolean {
  return isRecord(items) && items.type === 'string' && items.enum === undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function labelOf(value: unknown, indent = 0): string {
  return typeof value === 'string' ? value : (JSON.stringify(value, undefined, indent) ?? '');
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

function numberIn(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
