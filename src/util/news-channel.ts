// News to other pages of this origin. Firefox refuses a channel in an opaque origin, where there is no other page either.

export interface NewsChannel {
  onmessage: ((message: MessageEvent<unknown>) => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}

export function openChannel(name: string): NewsChannel {
  try {
    return new BroadcastChannel(name);
  } catch {
    return { onmessage: null, postMessage: () => undefined, close: () => undefined };
  }
}
