// Notes every text and every byte that leaves the page for a worker, a frame or another tab.

const SENDERS = [MessagePort, Worker, ServiceWorker, BroadcastChannel].map(({ prototype }) => prototype);

export interface WireTap {
  /** All of it in one text; bytes are read as Latin-1. */
  text(): string;
  remove(): void;
}

export function tapWires(): WireTap {
  const parts: string[] = [];
  const originals = SENDERS.map((prototype) => prototype.postMessage as (...args: unknown[]) => void);
  SENDERS.forEach((prototype, at) => {
    const tapped = function (this: unknown, ...args: unknown[]): void {
      note(args[0], parts);
      originals[at]?.apply(this, args);
    };
    Object.assign(prototype, { postMessage: tapped });
  });
  return {
    text: () => parts.join('\n'),
    remove() {
      SENDERS.forEach((prototype, at) => {
        Object.assign(prototype, { postMessage: originals[at] });
      });
    },
  };
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
