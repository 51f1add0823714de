// `XMLHttpRequest` for the page, over the channel. Asynchronous only: nothing here can wait.

import type { HeaderList, PageResponse } from '../page-protocol.ts';
import type { Requests } from './request-client.ts';

const EVENTS = ['readystatechange', 'loadstart', 'progress', 'load', 'abort', 'error', 'timeout', 'loadend'] as const;
type EventName = (typeof EVENTS)[number];

/** Adds the `on…` properties to a target. */
function withHandlers<T extends EventTarget>(target: T): T {
  for (const name of EVENTS) {
    let handler: unknown;
    target.addEventListener(name, (event) => {
      if (typeof handler === 'function') handler.call(target, event);
    });
    Object.defineProperty(target, `on${name}`, {
      get: () => handler ?? null,
      set: (value: unknown) => {
        handler = value;
      },
      enumerable: true,
    });
  }
  return target;
}

/** @param base what relative URLs are resolved against */
export function installXhr(requests: Requests, base: string): void {
  class OwnXMLHttpRequest extends EventTarget {
    static readonly UNSENT = 0;
    static readonly OPENED = 1;
    static readonly HEADERS_RECEIVED = 2;
    static readonly LOADING = 3;
    static readonly DONE = 4;
    readonly UNSENT = 0;
    readonly OPENED = 1;
    readonly HEADERS_RECEIVED = 2;
    readonly LOADING = 3;
    readonly DONE = 4;

    readonly upload = withHandlers(new EventTarget());
    responseType: XMLHttpRequestResponseType = '';
    timeout = 0;
    withCredentials = false;
    readyState = 0;

    #method = 'GET';
    #url = '';
    #headers: [string, string][] = [];
    #mediaType: string | undefined;
    #sending: AbortController | undefined;
    #answer: PageResponse | undefined;
    #response: unknown;

    constructor() {
      super();
      withHandlers(this);
    }

    open(method: string, url: string | URL, async = true): void {
      if (!async) throw new DOMException('A synchronous request cannot be made here', 'InvalidAccessError');
      this.#stop();
      // As the real one does: known methods in capitals, bad ones refused.
      this.#method = new Request(base, { method }).method;
      this.#url = new URL(url, base).href;
      this.#headers = [];
      this.#answer = undefined;
      this.#response = undefined;
      this.#enter(1);
    }

    setRequestHeader(name: string, value: string): void {
      this.#require(this.readyState === 1 && !this.#sending);
      this.#headers.push([String(name), String(value)]);
    }

    overrideMimeType(type: string): void {
      this.#require(this.readyState < 3);
      this.#mediaType = type;
    }

    send(body?: Document | XMLHttpRequestBodyInit | null): void {
      this.#require(this.readyState === 1 && !this.#sending);
      const sending = new AbortController();
      this.#sending = sending;
      this.#progress('loadstart', 0, 0);
      const timer = this.timeout > 0 ? setTimeout(() => this.#fail(sending, 'timeout'), this.timeout) : undefined;
      void this.#exchange(body ?? null, sending.signal)
        .then(
          (answer) => this.#arrive(sending, answer),
          () => this.#fail(sending, 'error'),
        )
        .finally(() => clearTimeout(timer));
    }

    abort(): void {
      if (this.#sending) this.#fail(this.#sending, 'abort');
      this.readyState = 0;
    }

    get status(): number {
      return this.#answer?.status ?? 0;
    }

    get statusText(): string {
      return this.#answer?.statusText ?? '';
    }

    get responseURL(): string {
      return this.#answer?.url ?? '';
    }

    get responseText(): string {
      this.#require(this.responseType === '' || this.responseType === 'text');
      return this.#text();
    }

    get responseXML(): Document | null {
      if (this.responseType !== '' && this.responseType !== 'document') this.#require(false);
      return this.readyState === 4 && /[/+]xml|html/.test(this.#type()) ? this.#document() : null;
    }

    get response(): unknown {
      if (this.responseType === '' || this.responseType === 'text') return this.#text();
      if (this.readyState !== 4 || !this.#answer) return null;
      this.#response ??= this.#read(this.#answer.body ?? new ArrayBuffer(0));
      return this.#response;
    }

    getResponseHeader(name: string): string | null {
      const wanted = String(name).toLowerCase();
      const values = this.#responseHeaders().filter(([known]) => known.toLowerCase() === wanted);
      return values.length === 0 ? null : values.map(([, value]) => value).join(', ');
    }

    getAllResponseHeaders(): string {
      return this.#responseHeaders()
        .map(([name, value]) => `${name.toLowerCase()}: ${value}\r\n`)
        .join('');
    }

    #responseHeaders(): HeaderList {
      return this.#answer?.headers ?? [];
    }

    async #exchange(body: Document | XMLHttpRequestBodyInit | null, signal: AbortSignal): Promise<PageResponse> {
      const hasBody = body !== null && this.#method !== 'GET' && this.#method !== 'HEAD';
      const content = body instanceof Document ? new XMLSerializer().serializeToString(body) : body;
      // The real constructor turns forms and texts into bytes, with the headers that go with them.
      const request = new Request(base, {
        method: this.#method,
        headers: this.#headers,
        body: hasBody ? content : null,
      });
      const bytes = hasBody ? await request.arrayBuffer() : null;
      return requests.send({
        url: this.#url,
        method: this.#method,
        headers: [...request.headers],
        body: bytes?.byteLength ? bytes : null,
        signal,
      });
    }

    #arrive(sending: AbortController, answer: PageResponse): void {
      if (this.#sending !== sending) return;
      this.#answer = answer;
      const size = answer.body?.byteLength ?? 0;
      for (const state of [2, 3]) this.#enter(state);
      this.#progress('progress', size, size);
      this.#sending = undefined;
      this.#enter(4);
      this.#progress('load', size, size);
      this.#progress('loadend', size, size);
    }

    #fail(sending: AbortController, event: EventName): void {
      if (this.#sending !== sending) return;
      this.#stop();
      this.#enter(4);
      this.#progress(event, 0, 0);
      this.#progress('loadend', 0, 0);
    }

    #stop(): void {
      const sending = this.#sending;
      this.#sending = undefined;
      this.#answer = undefined;
      sending?.abort();
    }

    #enter(state: number): void {
      this.readyState = state;
      this.dispatchEvent(new Event('readystatechange'));
    }

    #progress(name: EventName, loaded: number, total: number): void {
      this.dispatchEvent(new ProgressEvent(name, { lengthComputable: total > 0, loaded, total }));
    }

    #read(bytes: ArrayBuffer): unknown {
      switch (this.responseType) {
        case 'arraybuffer':
          return bytes.slice(0);
        case 'blob':
          return new Blob([bytes], { type: this.#type() });
        case 'document':
          return this.#document();
        default:
          return parsed(this.#text());
      }
    }

    #text(): string {
      return this.readyState < 3 ? '' : new TextDecoder().decode(this.#answer?.body ?? new ArrayBuffer(0));
    }

    #document(): Document {
      const type = /html/.test(this.#type()) ? 'text/html' : 'application/xml';
      return new DOMParser().parseFromString(this.#text(), type);
    }

    #type(): string {
      return this.#mediaType ?? this.getResponseHeader('content-type') ?? 'text/xml';
    }

    #require(holds: boolean): void {
      if (!holds) throw new DOMException('The request is not in the right state for that', 'InvalidStateError');
    }
  }
  window.XMLHttpRequest = OwnXMLHttpRequest as unknown as typeof XMLHttpRequest;
}

/** JSON that does not parse is null: https://xhr.spec.whatwg.org/#json-response */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
