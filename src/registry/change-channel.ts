// News of changes, within the page and to the other tabs. A message is only a hint to read again.

import { isPluginId } from '../manifest/manifest-draft.ts';

export interface ChangeChannel {
  announce(id: string): void;
  /** @returns ends it */
  listen(listener: (id: string) => void): () => void;
  close(): void;
}

/** @param shared whether other tabs see the same plugins at all */
export function changeChannel(name: string, shared: boolean): ChangeChannel {
  const listeners = new Set<(id: string) => void>();
  const channel = shared && typeof BroadcastChannel === 'function' ? new BroadcastChannel(name) : undefined;

  const tell = (id: string) => {
    for (const listener of [...listeners]) {
      try {
        listener(id);
      } catch (error) {
        reportError(error); // as for a DOM event: the others are still told
      }
    }
  };

  if (channel) {
    // Any script of the origin can write here.
    channel.onmessage = ({ data }) => {
      if (isPluginId(data)) tell(data);
    };
  }
  return {
    announce(id) {
      channel?.postMessage(id);
      tell(id);
    },
    listen(listener) {
      // A function of its own for each call, so that one listener given twice is two.
      const own = (id: string) => listener(id);
      listeners.add(own);
      return () => listeners.delete(own);
    },
    close() {
      listeners.clear();
      channel?.close();
    },
  };
}
