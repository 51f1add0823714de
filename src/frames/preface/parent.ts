// `window.parent` and the messages of the host, as a page on the host's own origin would see them.

import { MOST_MESSAGE_LENGTH, type PageSettings, type ToPage } from '../protocol.ts';
import type { Link } from './link.ts';

export interface Host {
  hear(message: ToPage): void;
}

/** Puts a stand-in in the place of `window.parent`, which the standard allows. */
export function installParent(link: Link, { origin }: PageSettings): Host {
  const parent = {
    /** The target is taken for ours: in a `srcdoc` document the own origin is no usable one. */
    postMessage(message: unknown): void {
      const json = JSON.stringify(message);
      if (json === undefined) return;
      if (json.length <= MOST_MESSAGE_LENGTH) link.post({ type: 'MESSAGE', json });
      else link.note(`A message was dropped: it is longer than ${MOST_MESSAGE_LENGTH} characters`);
    },
  };
  Object.defineProperty(window, 'parent', { value: parent, configurable: true, writable: true });

  return {
    hear(message) {
      if (message.type !== 'MESSAGE') return;
      const event = new MessageEvent('message', { data: message.data, origin });
      // The constructor takes real windows only.
      Object.defineProperty(event, 'source', { value: parent });
      dispatchEvent(event);
    },
  };
}
