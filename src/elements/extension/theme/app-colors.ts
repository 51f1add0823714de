// Reads the app's look where an element stands: what is behind it, the colour of text, and the colours that it has named.

import { tokens } from '../../tokens.ts';
import { BLACK, over, type Rgb, type Rgba, WHITE } from './color.ts';
import { type AppColors, type Scheme, TOKENS, type Token } from './palette.ts';

/** Calls back with what it read, which can be asked no longer than that. */
export function withAppColors<T>(element: Element, use: (colors: AppColors) => T): T {
  return withProbe(element, (probe) => use(readAppColors(element, probe)));
}

/** Colours of CSS as they are seen on a ground; what is none is passed over. */
export function readColors(element: Element, values: readonly string[], ground: Rgb): Rgb[] {
  return withProbe(element, (probe) =>
    values.flatMap((value) => {
      const color = resolveColor(probe, value, 'light');
      return color ? [over(color, ground)] : [];
    }),
  );
}

/** Only the engine can read any colour, and only where an element has it. */
function withProbe<T>(element: Element, use: (probe: HTMLElement) => T): T {
  const probe = element.ownerDocument.createElement('span');
  probe.hidden = true;
  (element.shadowRoot ?? element).append(probe);
  try {
    return use(probe);
  } finally {
    probe.remove();
  }
}

/** The element and what it stands in, through the shadow trees that it is drawn in. */
export function* surroundings(element: Element): Generator<Element> {
  for (let at: Element | null = element; at; at = at.assignedSlot ?? at.parentElement ?? hostOf(at)) yield at;
}

function readAppColors(element: Element, probe: HTMLElement): AppColors {
  const computed = getComputedStyle(element);
  const behind = groundBehind(element, probe);
  const around = surroundings(element);
  around.next();
  // Its own colour is one of ours.
  const { color } = getComputedStyle(around.next().value ?? element);
  const colorOf = (value: string, scheme: Scheme): Rgb | undefined => {
    const found = resolveColor(probe, value, scheme);
    return found && over(found, behind ?? WHITE);
  };
  return {
    behind,
    text: colorOf(color, 'light') ?? BLACK,
    named(token, scheme) {
      const own = computed.getPropertyValue(`--cloche-${token}`).trim();
      const given = own === usualValue(token) ? computed.getPropertyValue(TOKENS[token]).trim() : own;
      return colorOf(given, scheme);
    },
    usual: (token, scheme) => colorOf(usualValue(token), scheme) ?? BLACK,
  };
}

/** Undefined where an image is in the way. */
function groundBehind(element: Element, probe: HTMLElement): Rgb | undefined {
  const layers: Rgba[] = [];
  for (const at of surroundings(element)) {
    const { backgroundColor, backgroundImage } = getComputedStyle(at);
    if (backgroundImage !== 'none') return undefined;
    const layer = resolveColor(probe, backgroundColor, 'light');
    if (layer) layers.push(layer);
    if (layer?.[3] === 1) break;
  }
  const { colorScheme } = getComputedStyle(element.ownerDocument.documentElement);
  const [red, green, blue] = resolveColor(probe, 'Canvas', colorScheme) ?? WHITE;
  return layers.reduceRight<Rgb>((behind, layer) => over(layer, behind), [red, green, blue]);
}

/** Any colour of CSS; undefined for what is none. */
function resolveColor(probe: HTMLElement, value: string, scheme: string): Rgba | undefined {
  probe.style.cssText = '';
  probe.style.colorScheme = scheme;
  // Mixed with itself, it is told as numbers in sRGB, whatever it was written in.
  probe.style.color = value && `color-mix(in srgb, ${value}, ${value})`;
  if (probe.style.color === '') return undefined;
  const numbers = getComputedStyle(probe).color.match(/(?<=[ (])(?:none|-?[\d.]+(?:e-?\d+)?)/g) ?? [];
  const [red = 0, green = 0, blue = 0, alpha = 1] = numbers.map((text) => Number.parseFloat(text) || 0);
  const byte = (share: number): number => Math.round(Math.min(1, Math.max(0, share)) * 255);
  return [byte(red), byte(green), byte(blue), alpha];
}

/** As it stands in our own sheet, which is what the computed value says while the app has none. */
function usualValue(token: Token): string {
  const [rule] = tokens.styleSheet?.cssRules ?? [];
  return rule instanceof CSSStyleRule ? rule.style.getPropertyValue(`--cloche-${token}`).trim() : '';
}

function hostOf(element: Element): Element | null {
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? root.host : null;
}
