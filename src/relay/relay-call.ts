// What a relay is asked, and how its answer is read.

import type { Claims } from '../manifest/claims.ts';
import type { JsonValue } from '../util/json/json-value.ts';

export interface RelayRequest {
  readonly capability: string;
  readonly fn: string;
  readonly plugin: { readonly id: string; readonly version: string };
  /** Whom the plugin is at work for, by the word of the app; undefined where it names nobody. */
  readonly claims?: Claims | undefined;
  /** JSON of an object, in the form of the dialect whose function it is. */
  readonly args: string;
  /**
   * Never sent twice, whatever happens here. A browser may still repeat a request whose connection was lost before an
   * answer began; the relay knows it by its key.
   */
  readonly once: boolean;
  /** Most bytes of its answer. @default 8 MiB */
  readonly answerBytes?: number | undefined;
}

export interface RelayCall<R> extends RelayRequest {
  /**
   * What becomes of the answer's `result`, or undefined where it is none.
   * @throws {JsonError} where it is none either
   */
  read(result: JsonValue): R | undefined;
  readonly signal: AbortSignal;
  /** How long it may take, where the signal leaves as much. */
  readonly remainingMs: number;
}
