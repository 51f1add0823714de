// Colours as numbers, and the contrast of WCAG 2 between them: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio

/** Red, green and blue in sRGB, whole numbers from 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** The same with an opacity from 0 to 1. */
export type Rgba = readonly [red: number, green: number, blue: number, alpha: number];

export const BLACK: Rgb = [0, 0, 0];
export const WHITE: Rgb = [255, 255, 255];

/** Of WCAG 2, for text. */
export const TEXT_CONTRAST = 4.5;

/** From 1 to 21. */
export function contrast(a: Rgb, b: Rgb): number {
  const [lighter, darker] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

/** @param share how much of `b` is in it, from 0 to 1 */
export function mix(a: Rgb, b: Rgb, share: number): Rgb {
  const channel = (at: 0 | 1 | 2): number => Math.round(a[at] + (b[at] - a[at]) * share);
  return [channel(0), channel(1), channel(2)];
}

/** What is seen of a colour that lets some of the one behind it through. */
export function over([red, green, blue, alpha]: Rgba, behind: Rgb): Rgb {
  return mix(behind, [red, green, blue], alpha);
}

/** Black or white, whichever is read better: one of them has 4.58:1 on any colour. */
export function extremeOn(ground: Rgb): Rgb {
  return contrast(WHITE, ground) > contrast(BLACK, ground) ? WHITE : BLACK;
}

/** As CSS. */
export function cssOf(color: Rgb): string {
  return `rgb(${color.join(' ')})`;
}

function luminance(color: Rgb): number {
  const [red, green, blue] = color.map(linear) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function linear(byte: number): number {
  const value = byte / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}
