// The page's end of the channel: says hello, waits for the port, and keeps the messages of strangers from the page.

import {
  type FromPage,
  type Hello,
  MOST_NOTE_LENGTH,
  type PageSettings,
  type ToPage,
  type Welcome,
} from '../protocol.ts';

export interface Link {
  /** Waits for the port, if it is not there yet. Not for `load`: a script may wait for a request before that. */
  post(message: FromPage, transfer?: Transferable[]): void;
  /** Tells the host's developer what the page was kept from. */
  note(text: string): void;
}

/** Has to run before any script of the page: its listener has to be the first. */
export function openLink({ nonce }: PageSettings, hear: (message: ToPage) => void): Link {
  const host = window.parent.parent;
  const waiting: [FromPage, Transferable[]][] = [];
  let port: MessagePort | undefined;

  const take = (event: MessageEvent<Welcome | null>): boolean => {
    const [given] = event.ports;
    if (port || event.source !== host || event.data?.nonce !== nonce || !given) return false;
    port = given;
    port.onmessage = ({ data }: MessageEvent<ToPage>) => hear(data);
    for (const [message, transfer] of waiting.splice(0)) port.postMessage(message, transfer);
    return true;
  };
  addEventListener(
    'message',
    (event) => {
      if (take(event) || !isFamily(event)) event.stopImmediatePropagation();
    },
    true,
  );
  host.postMessage({ type: 'CLOCHE_HELLO', nonce } satisfies Hello, '*');

  const post = (message: FromPage, transfer: Transferable[] = []): void => {
    if (port) port.postMessage(message, transfer);
    else waiting.push([message, transfer]);
  };
  return { post, note: (text) => post({ type: 'NOTE', text: text.slice(0, MOST_NOTE_LENGTH) }) };
}

/** From this window or a frame in it, or made by a script of the page. */
function isFamily({ source, isTrusted }: MessageEvent): boolean {
  if (!isTrusted) return true;
  let frame = source as Window | null;
  while (frame && frame !== window && frame !== frame.parent) frame = frame.parent;
  return frame === window;
}
