// The host's end of a page's port: what comes is read and counted, what cannot be the bootstrap's ends the page.

import { dispose } from '../util/dispose.ts';
import { parseJson } from '../util/json/parse-json.ts';
import type { FrameOptions } from './frame.ts';
import { readPageMessage } from './page-message.ts';
import type { FromPage, PageRequest, ToPage } from './page-protocol.ts';
import { RateLimit } from './rate-limit.ts';
import type { RequestHandler } from './request-handler.ts';
import { Watchdog } from './watchdog.ts';

/** Frames inherit the policy of the page that they are in. */
export const FORBIDDEN =
  'cannot run its scripts. Frames inherit the content security policy of this page, so it has to allow: ' +
  "script-src 'unsafe-inline' data:; style-src 'unsafe-inline' data:; img-src data: blob:; font-src data:";

export interface ChannelListeners {
  /** The page is of no use any more; why, as the end of a sentence. */
  broken(why: string): void;
  /** Whether the frame is still in its document. */
  stands(): boolean;
  /** The page wants to be another one of its package. */
  go(url: string): void;
}

export class PageChannel implements Disposable {
  readonly #port: MessagePort;
  readonly #options: FrameOptions;
  readonly #listeners: ChannelListeners;
  readonly #requests: RequestHandler;
  readonly #watchdog: Watchdog;
  readonly #rateLimit = new RateLimit();
  #received = Promise.resolve();
  #isClosed = false;

  constructor(port: MessagePort, options: FrameOptions, requests: RequestHandler, listeners: ChannelListeners) {
    this.#port = port;
    this.#options = options;
    this.#listeners = listeners;
    this.#requests = requests;
    this.#watchdog = new Watchdog(
      () => (listeners.stands() ? this.#post({ type: 'PING' }) : this.#break('was taken out of its document')),
      () => this.#break('did not answer for 5 s: a script of it runs without end, or it has left its frame'),
    );
    port.onmessage = ({ data, ports }: MessageEvent<unknown>) => {
      // Ports and other things that were transferred are the page's means to hand out more of itself.
      for (const extra of ports) extra.close();
      const message = readPageMessage(data);
      if (!message) this.#break('sent a message of no known form');
      else if (this.#rateLimit.covers(message.type === 'MESSAGE' ? message.json.length : 0)) this.#hear(message);
      else this.#break('sent more messages than a page may');
    };
    port.onmessageerror = () => this.#break('sent a message that cannot be read');
  }

  send(message: object): void {
    this.#post({ type: 'MESSAGE', data: message });
  }

  [dispose](): void {
    this.#isClosed = true;
    this.#watchdog[dispose]();
    this.#requests[dispose]();
    this.#port.onmessage = null;
    this.#port.onmessageerror = null;
    this.#port.close();
  }

  #hear(message: FromPage): void {
    switch (message.type) {
      case 'MESSAGE':
        // One after the other, as they came: a long one is read with pauses.
        this.#received = this.#received.then(() => this.#receive(message.json));
        break;
      case 'REQUEST':
        this.#serve(message);
        break;
      case 'ABORT':
        this.#requests.abort(message.id);
        break;
      case 'PONG':
        this.#watchdog.heard();
        break;
      case 'DIALOG':
        if (this.#options.modals) this.#watchdog.dialog(message.open);
        break;
      case 'BLOCKED':
        this.#break(FORBIDDEN);
        break;
      case 'NOTE':
        this.#options.warn?.(message.text, true);
        break;
      case 'LOOK':
        this.#options.look?.(message);
        break;
      case 'GO':
        this.#listeners.go(message.url);
        break;
      case 'LINK':
        this.#follow(message.url);
        break;
    }
  }

  async #receive(json: string): Promise<void> {
    let message: unknown;
    try {
      message = await parseJson(json);
    } catch {
      // No bootstrap makes JSON that does not parse; deeper or larger than the caps it may.
      this.#options.warn?.('A message was dropped: nested deeper than 64, or of more than 100,000 values');
      return;
    }
    if (!this.#isClosed) this.#options.receive(message);
  }

  #follow(text: string): void {
    const url = URL.parse(text);
    const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
    // A gesture in the frame is one in this page too; without one the page acts by itself.
    if (url && isWeb && this.#options.link && navigator.userActivation.isActive) this.#options.link(url);
    else this.#options.warn?.(`A link to ${text} was not followed`);
  }

  #serve(request: PageRequest): void {
    if (!this.#requests.takes(request)) {
      this.#break('sent more requests at once than a page may');
      return;
    }
    void this.#requests.answer(request).then((answer) => {
      if (answer) this.#post(answer, answer.body ? [answer.body] : []);
      else this.#post({ type: 'FAILURE', id: request.id });
    });
  }

  #break(why: string): void {
    this[dispose]();
    this.#listeners.broken(why);
  }

  #post(message: ToPage, transfer: Transferable[] = []): void {
    this.#port.postMessage(message, transfer);
  }
}
