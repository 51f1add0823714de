// An answer that came: `incoming-response`, `incoming-body` and the futures of `wasi:http`.

import { failure } from '../errors.ts';
import { type Awaited, Pollable, type Waiter } from '../pollable.ts';
import { InputStream } from '../streams.ts';
import { Fields } from './fields.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** `error-code`, as the glue takes it. */
export interface ErrorCode {
  readonly tag: string;
  readonly val?: unknown;
}

/** Of `http-error-code`: what a stream has failed with. */
export type Result<T> = { readonly tag: 'ok'; readonly val: T } | { readonly tag: 'err'; readonly val: ErrorCode };

export class IncomingResponse {
  readonly #answer: Answer;
  #isConsumed = false;

  constructor(answer: Answer) {
    this.#answer = answer;
  }

  status(): number {
    return this.#answer.status;
  }

  headers(): Fields {
    const entries = Object.entries(this.#answer.headers);
    return Fields.fromList(entries.map(([name, value]) => [name, new TextEncoder().encode(value)])).frozen();
  }

  consume(): IncomingBody {
    if (this.#isConsumed) throw failure(undefined);
    this.#isConsumed = true;
    return new IncomingBody(this.#answer.body);
  }
}

export class IncomingBody {
  readonly #bytes: Uint8Array;
  #isRead = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  static finish(_body: IncomingBody): FutureTrailers {
    return new FutureTrailers();
  }

  stream(): InputStream {
    if (this.#isRead) throw failure(undefined);
    this.#isRead = true;
    let at = 0;
    return new InputStream({
      read: (most) => {
        if (at >= this.#bytes.length) return undefined;
        const piece = this.#bytes.slice(at, at + most);
        at += piece.length;
        return piece;
      },
    });
  }
}

/** No browser tells of any. */
export class FutureTrailers {
  #isTaken = false;

  subscribe(): Pollable {
    return new Pollable();
  }

  get(): unknown {
    if (this.#isTaken) return { tag: 'err' };
    this.#isTaken = true;
    return { tag: 'ok', val: { tag: 'ok', val: undefined } };
  }
}

export class FutureIncomingResponse {
  readonly #waiter: Waiter;
  readonly #awaited: Awaited;
  #result: Result<Answer> | undefined;
  #isTaken = false;

  /** @param coming a result at once where the guest has waited for it already */
  constructor(coming: Promise<Result<Answer>> | Result<Answer>, waiter: Waiter) {
    this.#waiter = waiter;
    if (!(coming instanceof Promise)) {
      this.#result = coming;
      this.#awaited = { due: 0 };
      return;
    }
    const awaited = { promise: coming as Promise<unknown>, isDone: false };
    awaited.promise = coming.then((result) => {
      this.#result = result;
      awaited.isDone = true;
    });
    this.#awaited = awaited;
  }

  subscribe(): Pollable {
    return new Pollable(this.#awaited, this.#waiter);
  }

  /** Undefined while nothing has come; what has come is given once. */
  get(): unknown {
    if (!this.#result) return undefined;
    if (this.#isTaken) return { tag: 'err' };
    this.#isTaken = true;
    const { tag, val } = this.#result;
    return { tag: 'ok', val: tag === 'ok' ? { tag, val: new IncomingResponse(val) } : { tag, val } };
  }
}
