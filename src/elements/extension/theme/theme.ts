// The look of the host app as plugin pages hear of it: its `--ds-*` and `--cloche-*` custom properties.

import { declarations, type Palette, type Scheme } from './palette.ts';

export interface Theme {
  /** By name, with their values on the document element; colours of Cloche as they are drawn where the page stands. */
  readonly variables: Readonly<Record<string, string>>;
  /** Whether what is behind the page is light or dark. */
  readonly colorScheme: Scheme;
}

/** Before it was read. */
export const NO_THEME: Theme = { variables: {}, colorScheme: 'light' };

const PREFIXES = ['--ds-', '--cloche-'];

/** The properties that any readable style sheet of the document declares, or the document element's own style. */
export function readTheme(document: Document, palette: Palette): Theme {
  const root = document.documentElement;
  const computed = getComputedStyle(root);
  const names = new Set(themeNames(root.style));
  for (const sheet of [...document.styleSheets, ...document.adoptedStyleSheets]) {
    for (const name of namesIn(readableRules(sheet))) names.add(name);
  }
  const variables: Record<string, string> = {};
  for (const name of names) {
    const value = computed.getPropertyValue(name).trim();
    if (value !== '') variables[name] = forScheme(value, palette.scheme);
  }
  return { variables: { ...variables, ...declarations(palette) }, colorScheme: palette.scheme };
}

export function sameTheme(a: Theme, b: Theme): boolean {
  const names = Object.keys(a.variables);
  return (
    a.colorScheme === b.colorScheme &&
    names.length === Object.keys(b.variables).length &&
    names.every((name) => a.variables[name] === b.variables[name])
  );
}

/** A sheet of another origin cannot be read, which is what "readable" means. */
function readableRules(sheet: CSSStyleSheet): CSSRuleList | undefined {
  try {
    return sheet.cssRules;
  } catch {
    return undefined;
  }
}

/** Through media, layers, nesting and imports alike: what does not apply has no computed value. */
function* namesIn(rules: CSSRuleList | undefined): Generator<string> {
  for (const rule of rules ?? []) {
    if ('style' in rule) yield* themeNames(rule.style as CSSStyleDeclaration);
    if ('cssRules' in rule) yield* namesIn(rule.cssRules as CSSRuleList);
    if (rule instanceof CSSImportRule && rule.styleSheet) yield* namesIn(readableRules(rule.styleSheet));
  }
}

function themeNames(style: CSSStyleDeclaration): string[] {
  return [...style].filter((name) => PREFIXES.some((prefix) => name.startsWith(prefix)));
}

const LIGHT_DARK = 'light-dark(';

/** A page in a frame has a scheme of its own, so the choice is made here. */
function forScheme(value: string, scheme: Scheme): string {
  let text = value;
  for (let at = text.indexOf(LIGHT_DARK); at >= 0; at = text.indexOf(LIGHT_DARK, at)) {
    const [light = '', dark = '', end] = splitArguments(text, at + LIGHT_DARK.length);
    if (end === undefined) return text;
    text = text.slice(0, at) + (scheme === 'dark' ? dark : light) + text.slice(end);
  }
  return text;
}

/** Both arguments of a function in CSS, and where it ends; undefined when its parentheses do not match. */
function splitArguments(text: string, start: number): [string?, string?, number?] {
  let depth = 0;
  let comma = -1;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (character === '(') depth++;
    else if (character === ',' && depth === 0 && comma < 0) comma = at;
    else if (character === ')' && depth-- === 0) {
      return comma < 0 ? [] : [text.slice(start, comma).trim(), text.slice(comma + 1, at).trim(), at + 1];
    }
  }
  return [];
}
