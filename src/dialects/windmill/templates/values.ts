// Values of a template: JSON, as texts and as conditions in the way of Handlebars, and what may be read of them.

/** Text of a helper that is not escaped. */
export class RawText {
  constructor(readonly text: string) {}
}

/**
 * What something has of its own. What it inherits is denied, as Handlebars denies it: `constructor` and the like would lead to
 * functions of the page.
 */
export function propertyOf(parent: unknown, name: string): unknown {
  if (parent === null || parent === undefined) return parent;
  const from: unknown = Object(parent);
  return Object.hasOwn(from as object, name) ? (from as Record<string, unknown>)[name] : undefined;
}

/** Nothing, false, the empty text and the empty list; 0 is not. */
export function isEmpty(value: unknown): boolean {
  return (!value && value !== 0) || (Array.isArray(value) && value.length === 0);
}

/**
 * @param step taken for each item of a list, which may give no text at all
 * @throws {TypeError} for an object that has a `toString` of its own, which is data
 */
export function textOf(value: unknown, step: () => void): string {
  if (value === null || value === undefined) return '';
  if (!Array.isArray(value)) return `${value as string}`;
  const texts = value.map((item: unknown) => {
    step();
    return textOf(item, step);
  });
  return texts.join(',');
}

const ESCAPED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#x27;',
  '`': '&#x60;',
  '=': '&#x3D;',
};

export function escaped(text: string): string {
  return text.replace(/[&<>"'`=]/g, (character) => ESCAPED[character] ?? '');
}
