// Notes every text and every byte that leaves the page for a worker, a frame or another tab.

const SENDERS: readonly Sender[] = [MessagePort, Worker, ServiceWorker, BroadcastChannel].map(
  ({ prototype }) => prototype as unknown as Sender,
);

interface Sender {
  postMessage(...args: unknown[]): void;
}

export interface WireTap {
  /** All of it in one text; bytes are read as Latin-1. */
  text(): string;
  remove(): void;
}

export function tapWires(): WireTap {
  const parts: string[] = [];
  const originals = new Map<Sender, Sender['postMessage']>();
  const tap = (sender: Sender): void => {
    const original = sender.postMessage;
    if (originals.has(sender)) return;
    originals.set(sender, original);
    sender.postMessage = function (this: unknown, ...args: unknown[]): void {
      note(args[0], parts);
      original.apply(this, args);
    };
  };
  SENDERS.forEach(tap);
  const restoreFrames = tapFrames((window) => tap(window.Worker.prototype as unknown as Sender));
  return {
    text: () => parts.join('\n'),
    remove() {
      restoreFrames();
      for (const [sender, original] of originals) sender.postMessage = original;
    },
  };
}

/** A frame of the page's own origin has a `Worker` of its own; whoever makes one asks for its window first. */
function tapFrames(tap: (window: Window & typeof globalThis) => void): () => void {
  const { prototype } = HTMLIFrameElement;
  const original = Object.getOwnPropertyDescriptor(prototype, 'contentWindow');
  if (!original) throw new Error('Expected frames to have a window');
  Object.defineProperty(prototype, 'contentWindow', {
    ...original,
    get(this: HTMLIFrameElement) {
      const window = original.get?.call(this);
      if (window && !this.hasAttribute('sandbox')) tap(window);
      return window;
    },
  });
  return () => Object.defineProperty(prototype, 'contentWindow', original);
}

/** Every text in a message, wherever it is. */
function note(value: unknown, parts: string[], seen = new Set<unknown>()): void {
  if (typeof value === 'string') parts.push(value);
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value);
  if (value instanceof ArrayBuffer) parts.push(new TextDecoder('latin1').decode(value));
  else if (ArrayBuffer.isView(value)) parts.push(new TextDecoder('latin1').decode(value as Uint8Array<ArrayBuffer>));
  else if (value instanceof Map) note([...value.keys(), ...value.values()], parts, seen);
  else if (value instanceof Set) note([...value], parts, seen);
  else if (value instanceof Error) note([value.message, value.stack, value.cause], parts, seen);
  else {
    for (const [key, item] of Object.entries(value)) {
      parts.push(key);
      note(item, parts, seen);
    }
  }
}
