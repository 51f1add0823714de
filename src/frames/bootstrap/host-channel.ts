// The page's end of the channel: says hello with a port, and keeps the messages of strangers from the page.

import { type FromPage, type Hello, MOST_NOTE_LENGTH, type PageSettings, type ToPage } from '../page-protocol.ts';

export interface HostChannel {
  post(message: FromPage, transfer?: Transferable[]): void;
  /** Tells the host's developer what the page was kept from. */
  note(text: string): void;
}

/** Has to run before any script of the page: its listener has to be the first. */
export function openHostChannel({ nonce }: PageSettings, hear: (message: ToPage) => void): HostChannel {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }: MessageEvent<ToPage>) => hear(data);
  // The host looks at the window that this comes from.
  window.parent.parent.postMessage({ type: 'CLOCHE_PAGE', nonce } satisfies Hello, '*', [port2]);
  addEventListener(
    'message',
    (event) => {
      if (!isFamily(event)) event.stopImmediatePropagation();
    },
    true,
  );
  const post = (message: FromPage, transfer: Transferable[] = []): void => port1.postMessage(message, transfer);
  return { post, note: (text) => post({ type: 'NOTE', text: text.slice(0, MOST_NOTE_LENGTH) }) };
}

/** From this window or a frame in it, or made by a script of the page. */
function isFamily({ source, isTrusted }: MessageEvent): boolean {
  if (!isTrusted) return true;
  let frame = source as Window | null;
  while (frame && frame !== window && frame !== frame.parent) frame = frame.parent;
  return frame === window;
}
