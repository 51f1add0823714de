/** A painted pixel: red, green and blue, from 0 to 255. */
export type Pixel = readonly [number, number, number];

/** What the browser paints for colours of CSS over each other, the lowest first. */
export function paint(...layers: string[]): Pixel {
  const context = new OffscreenCanvas(1, 1).getContext('2d');
  if (!context) throw new Error('Expected a 2d canvas');
  for (const layer of layers) {
    context.fillStyle = layer;
    context.fillRect(0, 0, 1, 1);
  }
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}

/** Contrast of WCAG 2, from 1 to 21. */
export function contrastOf(a: Pixel, b: Pixel): number {
  const [lighter, darker] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(pixel: Pixel): number {
  const [red, green, blue] = pixel.map(linear) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function linear(byte: number): number {
  const value = byte / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}
