// Sends requests to the plugin's own routes and assets over the channel, and matches the answers.

import {
  type HeaderList,
  MOST_BODY_BYTES,
  MOST_REQUESTS,
  type PageResponse,
  type PageSettings,
  type ToPage,
} from '../page-protocol.ts';
import { pluginPath, pluginUrl } from '../plugin-url.ts';
import type { HostChannel } from './host-channel.ts';

export interface OwnRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: HeaderList;
  readonly body: ArrayBuffer | null;
  readonly signal?: AbortSignal | undefined;
  /** Asks for an asset as a data URL. @default false */
  readonly inline?: boolean;
}

interface Pending extends OwnRequest {
  resolve(response: PageResponse): void;
  reject(reason: unknown): void;
}

export class Requests {
  readonly #channel: HostChannel;
  readonly #origin: string;
  readonly #path: string;
  readonly #waiting: Pending[] = [];
  readonly #underWay = new Map<number, Pending>();
  #lastId = 0;

  constructor(channel: HostChannel, { origin, plugin }: PageSettings) {
    this.#channel = channel;
    this.#origin = origin;
    this.#path = pluginPath(plugin);
  }

  allows(url: string): boolean {
    return pluginUrl(url, this.#origin, this.#path) !== undefined;
  }

  /**
   * Asks the plugin.
   * @throws {TypeError} as fetch does: for a URL that is not the plugin's, and when there is no answer
   * @throws the reason of `signal`
   */
  send(request: OwnRequest): Promise<PageResponse> {
    const { url, signal, body } = request;
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (!this.allows(url)) {
      this.#channel.note(`A request to ${url} was refused: a page reaches its own plugin only, below ${this.#path}`);
      return Promise.reject(new TypeError('Failed to fetch'));
    }
    if (body && body.byteLength > MOST_BODY_BYTES) {
      this.#channel.note(`A request to ${url} was refused: its body is larger than ${MOST_BODY_BYTES} bytes`);
      return Promise.reject(new TypeError('Failed to fetch'));
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...request, resolve, reject });
      this.#next();
    });
  }

  hear(message: ToPage): void {
    if (message.type !== 'RESPONSE' && message.type !== 'FAILURE') return;
    const pending = this.#underWay.get(message.id);
    this.#underWay.delete(message.id);
    if (message.type === 'RESPONSE') pending?.resolve(message);
    else pending?.reject(new TypeError('Failed to fetch'));
    this.#next();
  }

  #next(): void {
    while (this.#underWay.size < MOST_REQUESTS) {
      const pending = this.#waiting.shift();
      if (!pending) return;
      if (pending.signal?.aborted) pending.reject(pending.signal.reason);
      else this.#start(pending);
    }
  }

  #start(pending: Pending): void {
    const id = ++this.#lastId;
    const { url, method, headers, body, signal, inline = false } = pending;
    this.#underWay.set(id, pending);
    this.#channel.post({ type: 'REQUEST', id, url, method, headers, body, inline }, body ? [body] : []);
    signal?.addEventListener(
      'abort',
      () => {
        if (!this.#underWay.delete(id)) return;
        this.#channel.post({ type: 'ABORT', id });
        pending.reject(signal.reason);
        this.#next();
      },
      { once: true },
    );
  }
}
