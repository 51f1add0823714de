// A request on its way out: `outgoing-request`, `outgoing-body` and `request-options` of `wasi:http`.

import { dropped } from '../dispose.ts';
import { failure } from '../errors.ts';
import { OutputStream } from '../streams.ts';
import type { Fields } from './fields.ts';

interface Variant {
  readonly tag: string;
  readonly val?: string | undefined;
}

interface BodyLimit {
  readonly mostBytes: number;
  /** Told of each piece. */
  readonly crossing: () => void;
}

const METHOD = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** As the page takes it. */
export interface PlainRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
}

export class OutgoingRequest {
  readonly #headers: Fields;
  #method: Variant = { tag: 'get' };
  #path: string | undefined;
  #scheme: Variant | undefined;
  #authority: string | undefined;
  #body: OutgoingBody | undefined;
  #limit: BodyLimit = { mostBytes: 0, crossing: () => undefined };

  constructor(headers: Fields) {
    this.#headers = headers.frozen();
  }

  /** Requests whose bodies have this limit. */
  static within(mostBytes: number, crossing: () => void): typeof OutgoingRequest {
    return class extends OutgoingRequest {
      constructor(headers: Fields) {
        super(headers);
        this.#limit = { mostBytes, crossing };
      }
    };
  }

  body(): OutgoingBody {
    if (this.#body) throw failure(undefined);
    this.#body = new OutgoingBody(this.#limit);
    return this.#body;
  }

  method(): Variant {
    return this.#method;
  }

  setMethod(method: Variant): void {
    if (method.tag === 'other' && !METHOD.test(method.val ?? '')) throw failure(undefined);
    this.#method = method;
  }

  pathWithQuery(): string | undefined {
    return this.#path;
  }

  setPathWithQuery(path: string | undefined): void {
    if (path !== undefined && !/^[/?*][^\s#]*$/.test(path)) throw failure(undefined);
    this.#path = path;
  }

  scheme(): Variant | undefined {
    return this.#scheme;
  }

  setScheme(scheme: Variant | undefined): void {
    this.#scheme = scheme;
  }

  authority(): string | undefined {
    return this.#authority;
  }

  /** A host and perhaps a port: what could be read as a path, a user or a query is none. */
  setAuthority(authority: string | undefined): void {
    if (authority !== undefined && !/^[^\s/?#@\\]+$/.test(authority)) throw failure(undefined);
    this.#authority = authority;
  }

  headers(): Fields {
    return this.#headers;
  }

  /** What it has to say, once it is whole. */
  get sent(): Promise<Uint8Array> | Uint8Array {
    return this.#body ? this.#body.whole : new Uint8Array();
  }

  plain(): PlainRequest {
    const { tag, val } = this.#scheme ?? { tag: 'HTTPS' };
    const scheme = tag === 'other' ? (val ?? '') : tag.toLowerCase();
    const method = this.#method.tag === 'other' ? (this.#method.val ?? '') : this.#method.tag.toUpperCase();
    const url = `${scheme}://${this.#authority ?? ''}${this.#path ?? '/'}`;
    return { url, method, headers: this.#headers.texts() };
  }
}

export class OutgoingBody {
  readonly #pieces: Uint8Array[] = [];
  readonly #limit: BodyLimit;
  readonly #done = Promise.withResolvers<Uint8Array>();
  #bytes = 0;
  #isWritten = false;
  #whole: Uint8Array | undefined;

  constructor(limit: BodyLimit) {
    this.#limit = limit;
    // One that nobody finishes is nobody's to hear of.
    this.#done.promise.catch(() => undefined);
  }

  /** Sent with the body, as no browser does. */
  static finish(body: OutgoingBody, trailers: Fields | undefined): void {
    if (trailers) throw failure({ tag: 'internal-error', val: 'trailers are not sent here' });
    body.#finish();
  }

  write(): OutputStream {
    if (this.#isWritten) throw failure(undefined);
    this.#isWritten = true;
    return new OutputStream({
      write: (bytes) => {
        const { mostBytes, crossing } = this.#limit;
        crossing();
        this.#bytes += bytes.length;
        if (this.#bytes > mostBytes) throw new Error(`a body has at most ${mostBytes} bytes`);
        this.#pieces.push(bytes.slice());
      },
    });
  }

  get whole(): Promise<Uint8Array> | Uint8Array {
    return this.#whole ?? this.#done.promise;
  }

  /** Dropped before its end: it is not sent. */
  [dropped](): void {
    if (!this.#whole) this.#done.reject(new Error('the body of the request was not finished'));
  }

  #finish(): void {
    const whole = new Uint8Array(this.#bytes);
    let at = 0;
    for (const piece of this.#pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    this.#whole = whole;
    this.#done.resolve(whole);
  }
}

/** In nanoseconds. The shortest of them counts, as the page waits for all of an answer at once. */
export class RequestOptions {
  #connect: bigint | undefined;
  #first: bigint | undefined;
  #between: bigint | undefined;

  connectTimeout(): bigint | undefined {
    return this.#connect;
  }

  setConnectTimeout(ns: bigint | undefined): void {
    this.#connect = ns;
  }

  firstByteTimeout(): bigint | undefined {
    return this.#first;
  }

  setFirstByteTimeout(ns: bigint | undefined): void {
    this.#first = ns;
  }

  betweenBytesTimeout(): bigint | undefined {
    return this.#between;
  }

  setBetweenBytesTimeout(ns: bigint | undefined): void {
    this.#between = ns;
  }

  /** Undefined for as long as the host allows. */
  get timeoutMs(): number | undefined {
    const given = [this.#first, this.#between].filter((ns) => ns !== undefined);
    return given.length === 0 ? undefined : Math.max(1, Math.min(...given.map(Number)) / 1e6);
  }
}
