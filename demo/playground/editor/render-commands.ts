// What a render view shows: a byte string of commands, little-endian, of a plugin and so of any form. docs/nev.md names them.

interface Bounds {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type RenderCommand =
  | { readonly is: 'rect' | 'filled'; readonly bounds: Bounds; readonly color: string }
  | { readonly is: 'text'; readonly bounds: Bounds; readonly color: string; readonly text: string }
  | { readonly is: 'image'; readonly bounds: Bounds; readonly part: Bounds; readonly texture: number }
  | { readonly is: 'clip'; readonly bounds: Bounds }
  | { readonly is: 'move'; readonly x: number; readonly y: number }
  | { readonly is: 'back' };

const MOST_COMMANDS = 10_000;

/** As far as they can be read: what is cut at the end is left out, as is what has no known tag. */
export function readCommands(bytes: Uint8Array): RenderCommand[] {
  const commands: RenderCommand[] = [];
  const reader = new Reader(bytes);
  try {
    while (!reader.isAtEnd && commands.length < MOST_COMMANDS) {
      const command = reader.command();
      if (command) commands.push(command);
    }
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
  }
  return commands;
}

class Reader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  command(): RenderCommand | undefined {
    switch (this.#view.getUint8(this.#at++)) {
      case 1:
        return this.#box('rect');
      case 2:
        return this.#box('filled');
      case 3: {
        const bounds = this.#bounds();
        const [x, y, right, bottom] = [this.#float(), this.#float(), this.#float(), this.#float()];
        this.#color();
        const texture = this.#leb();
        this.#leb();
        return { is: 'image', bounds, part: { x, y, width: right - x, height: bottom - y }, texture };
      }
      case 5: {
        const [bounds, color] = [this.#bounds(), this.#color()];
        this.#leb();
        const length = this.#leb();
        if (this.#at + length > this.#bytes.length) throw new RangeError('text that is cut');
        const text = new TextDecoder().decode(this.#bytes.subarray(this.#at, this.#at + length));
        this.#at += length;
        return { is: 'text', bounds, color, text };
      }
      case 6:
        return { is: 'clip', bounds: this.#bounds() };
      case 7:
        this.#color();
        this.#leb();
        return { is: 'back' };
      case 8:
        return { is: 'move', x: this.#float(), y: this.#float() };
      case 9:
        return { is: 'back' };
      default:
        return undefined;
    }
  }

  #box(is: 'rect' | 'filled'): RenderCommand {
    const command = { is, bounds: this.#bounds(), color: this.#color() };
    this.#leb();
    return command;
  }

  #bounds(): Bounds {
    return { x: this.#float(), y: this.#float(), width: this.#float(), height: this.#float() };
  }

  #color(): string {
    const channel = (): number => Math.round(Math.max(0, Math.min(1, this.#float() || 0)) * 255);
    const [red, green, blue] = [channel(), channel(), channel()];
    return `rgb(${red} ${green} ${blue} / ${channel() / 255})`;
  }

  #float(): number {
    const value = this.#view.getFloat32(this.#at, true);
    this.#at += 4;
    return value;
  }

  /** ULEB128; what is above 32 bits says nothing here. */
  #leb(): number {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = this.#view.getUint8(this.#at++);
      if (shift < 32) value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError('a number of more than 64 bits');
  }
}

/** One pixel of a command is one of CSS. @param textureOf undefined for a number that is none of the plugin's */
export function draw(
  canvas: HTMLCanvasElement,
  commands: readonly RenderCommand[],
  textureOf: (id: number) => OffscreenCanvas | undefined,
): void {
  const scale = devicePixelRatio;
  const { clientWidth, clientHeight } = canvas;
  canvas.width = clientWidth * scale;
  canvas.height = clientHeight * scale;
  const context = canvas.getContext('2d');
  if (!context) return;
  context.scale(scale, scale);
  context.font = `13px ${getComputedStyle(canvas).fontFamily}`;
  context.textBaseline = 'top';
  let depth = 0;
  for (const command of commands) {
    if (command.is === 'back') {
      if (depth > 0) depth--;
      context.restore();
      continue;
    }
    if (command.is === 'move') {
      depth++;
      context.save();
      context.translate(command.x, command.y);
      continue;
    }
    const { x, y, width, height } = command.bounds;
    if (command.is === 'clip') {
      depth++;
      context.save();
      context.beginPath();
      context.rect(x, y, width, height);
      context.clip();
    } else if (command.is === 'image') {
      const { part, texture } = command;
      const image = textureOf(texture);
      if (!image) continue;
      const [across, down] = [image.width, image.height];
      const from = [part.x * across, part.y * down, part.width * across, part.height * down] as const;
      context.drawImage(image, ...from, x, y, width, height);
    } else if (command.is === 'rect') {
      context.strokeStyle = command.color;
      context.strokeRect(x, y, width, height);
    } else {
      context.fillStyle = command.color;
      if ('text' in command) context.fillText(command.text, x, y);
      else context.fillRect(x, y, width, height);
    }
  }
  while (depth-- > 0) context.restore();
}
