// `window.parent` and the messages of the host, as a page on the host's own origin would see them.

import { MOST_MESSAGE_LENGTH, type PageSettings, type ToPage } from '../page-protocol.ts';
import type { HostChannel } from './host-channel.ts';

export interface Host {
  hear(message: ToPage): void;
}

/**
 * Puts a stand-in in the place of `window.parent`, which is replaceable:
 * https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-parent
 */
export function installParent(channel: HostChannel, { origin }: PageSettings): Host {
  const post = (message: unknown, target?: unknown): void => {
    if (!isHost(target, origin)) return;
    const json = JSON.stringify(message);
    if (json === undefined) return;
    if (json.length <= MOST_MESSAGE_LENGTH) channel.post({ type: 'MESSAGE', json });
    else channel.note(`A message was dropped: it is longer than ${MOST_MESSAGE_LENGTH} characters`);
  };
  // Of the host's page its origin is known here, and no more.
  const parent = { postMessage: post, location: new URL(origin), origin, closed: false };
  Object.defineProperty(window, 'parent', { value: parent, configurable: true, writable: true });
  Object.defineProperty(window, 'origin', { value: origin, configurable: true, writable: true });

  // A page that posts to itself names its own origin, and expects to read it again.
  const postToSelf = window.postMessage as (...given: unknown[]) => void;
  window.postMessage = ((message: unknown, target: unknown, ...rest: unknown[]): void => {
    postToSelf.call(window, message, isHost(target, origin) ? '*' : target, ...rest);
  }) as typeof window.postMessage;
  addEventListener(
    'message',
    (event) => {
      if (event.source === window) Object.defineProperty(event, 'origin', { value: origin });
    },
    true,
  );

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

/**
 * Whether a message for `target` is for the host's origin. In a `srcdoc` document the own origin is `null`, which is
 * what a script says that was not rewritten.
 */
function isHost(target: unknown, origin: string): boolean {
  const named =
    typeof target === 'object' && target !== null ? (target as { targetOrigin?: unknown }).targetOrigin : target;
  if (named === undefined || named === '*' || named === '/' || named === 'null') return true;
  return URL.parse(String(named))?.origin === origin;
}
