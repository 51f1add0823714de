// Pictures that plugins draw with, made of the pixels that they give.

export type Format = 'rgba8' | 'rgba32';

/** Of all plugins; a picture of a screen has 8 million. */
const MOST_PIXELS = 1 << 25;
/** Of one side: engines draw no larger ones. */
const MOST_SIDE = 8_192;

/** Whose it is, and how long. */
export interface Owner {
  readonly plugin: { readonly id: string };
  readonly instance: { readonly id: number; onEnd(run: () => void): void };
}

interface Texture {
  readonly plugin: string;
  readonly canvas: OffscreenCanvas;
}

export class Textures {
  readonly #textures = new Map<number, Texture>();
  readonly #owned = new Map<number, Set<number>>();
  #pixels = 0;
  #count = 0;

  /** @returns its number; 0 where there is no room for it, and where its instance has ended */
  make({ plugin, instance }: Owner, width: number, height: number, pixels: Uint8Array, format: Format): number {
    if (Math.max(width, height) > MOST_SIDE || width * height > MOST_PIXELS - this.#pixels) return 0;
    const own = this.#ownedBy(instance, plugin.id);
    // One that has ended meanwhile would never give it back.
    if (!this.#owned.has(instance.id)) return 0;
    const canvas = new OffscreenCanvas(width, height);
    put(canvas, pixels, format);
    this.#pixels += width * height;
    this.#textures.set(++this.#count, { plugin: plugin.id, canvas });
    own.add(this.#count);
    return this.#count;
  }

  /** Of the size that it has. */
  update(id: number, plugin: string, width: number, height: number, pixels: Uint8Array, format: Format): void {
    const canvas = this.get(id, plugin);
    if (canvas && canvas.width === width && canvas.height === height) put(canvas, pixels, format);
  }

  /** Only the plugin's own. */
  get(id: number, plugin: string): OffscreenCanvas | undefined {
    const texture = this.#textures.get(id);
    return texture?.plugin === plugin ? texture.canvas : undefined;
  }

  #ownedBy(instance: Owner['instance'], plugin: string): Set<number> {
    const known = this.#owned.get(instance.id);
    if (known) return known;
    const own = new Set<number>();
    this.#owned.set(instance.id, own);
    instance.onEnd(() => {
      this.#owned.delete(instance.id);
      for (const id of own) this.delete(id, plugin);
    });
    return own;
  }

  delete(id: number, plugin: string): void {
    const canvas = this.get(id, plugin);
    if (!canvas) return;
    this.#pixels -= canvas.width * canvas.height;
    this.#textures.delete(id);
    for (const own of this.#owned.values()) own.delete(id);
  }
}

function put(canvas: OffscreenCanvas, pixels: Uint8Array, format: Format): void {
  const { width, height } = canvas;
  canvas.getContext('2d')?.putImageData(new ImageData(bytesOf(pixels, format), width, height), 0, 0);
}

/** One of 32 bits is a number from 0 to 1. */
export function bytesOf(pixels: Uint8Array, format: Format): Uint8ClampedArray<ArrayBuffer> {
  if (format === 'rgba8') return Uint8ClampedArray.from(pixels);
  const view = new DataView(pixels.buffer, pixels.byteOffset, pixels.byteLength);
  return Uint8ClampedArray.from({ length: pixels.length / 4 }, (_, i) => view.getFloat32(i * 4, true) * 255);
}
