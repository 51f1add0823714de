// One page in a frame, from the moment it is put there to its end. The page becomes known in this order:
//   1. The bootstrap runs before anything of the plugin and says hello to this window, with the nonce of the visit.
//   2. Only the window of the inner frame itself is listened to; an origin of `null` would not be an identity.
//   3. With the hello comes a port. From then on that is the only channel, in both directions.

import { ClocheError } from '../errors.ts';
import { dispose } from '../util/dispose.ts';
import { Deadline } from '../util/time/deadline.ts';
import type { FrameOptions } from './frame.ts';
import { FORBIDDEN, PageChannel } from './page-channel.ts';
import { RateLimit } from './rate-limit.ts';
import type { RequestHandler } from './request-handler.ts';

/** How long a page may take to say hello, in ms; its bootstrap needs no network. */
const HELLO_MS = 10_000;
/** The same where it may open a dialog: Chromium sends the hello only when that has closed. */
const HELLO_MODAL_MS = 60_000;
/** How long after its frame has loaded, in ms. */
const SILENCE_MS = 3_000;

export interface SessionListeners {
  ended(error: ClocheError): void;
  go(url: string): void;
}

export interface PageSession extends Disposable {
  /** Resolves once the page has sent its port. Does not settle when the visit ends before: `ended` says so. */
  readonly ready: Promise<void>;
  send(message: object): void;
}

export function startSession(
  frame: HTMLIFrameElement,
  nonce: string,
  options: FrameOptions,
  requests: RequestHandler,
  listeners: SessionListeners,
): PageSession {
  const { promise: ready, resolve } = Promise.withResolvers<void>();
  const controller = new AbortController();
  const { signal } = controller;
  let port: PageChannel | undefined;

  const close = (): void => {
    controller.abort();
    deadline[dispose]();
    port?.[dispose]();
  };
  const end = (code: 'FRAME_FAILED' | 'FRAME_NAVIGATED', what: string): void => {
    if (signal.aborted) return;
    close();
    const { plugin } = options;
    listeners.ended(new ClocheError(code, `The page of plugin \`${plugin}\` ${what}`, { plugin }));
  };
  const patience = options.modals ? HELLO_MODAL_MS : HELLO_MS;
  let deadline = new Deadline(patience, () => end('FRAME_FAILED', `did not load within ${patience / 1_000} s`));

  const welcome = (given: MessagePort | undefined): void => {
    if (port) end('FRAME_NAVIGATED', TWICE);
    if (signal.aborted || !given) return;
    deadline[dispose]();
    port = new PageChannel(given, options, requests, {
      broken: (why) => end('FRAME_FAILED', why),
      stands: () => frame.isConnected,
      go: listeners.go,
    });
    resolve();
  };

  const rateLimit = new RateLimit();
  addEventListener(
    'message',
    (event: MessageEvent<{ type?: unknown; nonce?: unknown } | null>) => {
      const outer = frame.contentWindow;
      const inner = outer && innerOf(outer);
      const { source } = event;
      if (!source || (source !== outer && source !== inner)) return;
      // Chromium makes the data of what was posted only now, and that may be large.
      const began = performance.now();
      const { data } = event;
      if (!rateLimit.covers(0, performance.now() - began)) end('FRAME_FAILED', 'posted more messages than a page may');
      else if (data?.nonce !== nonce) return;
      else if (source === outer && data.type === 'CLOCHE_NAVIGATED') end('FRAME_NAVIGATED', LEFT);
      else if (source === inner && data.type === 'CLOCHE_PAGE') welcome(event.ports[0]);
    },
    { signal },
  );

  // Also heard of the page before this one, when that one goes while it loads.
  frame.addEventListener(
    'load',
    () => {
      if (port) return;
      deadline[dispose]();
      deadline = new Deadline(SILENCE_MS, () => end('FRAME_FAILED', FORBIDDEN));
    },
    { signal },
  );

  return { ready, send: (message) => port?.send(message), [dispose]: close };
}

/** Asked for by its index while there is none, a frame of another window is a SecurityError. */
function innerOf(outer: Window): Window | undefined {
  return outer.length > 0 ? outer[0] : undefined;
}

const LEFT = 'left its frame, which could carry data out';
const TWICE = 'loaded a second time: it has reloaded itself, or its frame was moved in the document';
