import type { WaitSetup } from '../wire/protocol.ts';

/** One worker's way of waiting. The worker asks through its port; only how it hears the answer differs. */
export interface AnswerChannel extends Disposable {
  readonly setup: WaitSetup;
  /** Hands the blocked worker its answer. Ways in which the worker does not block get theirs through the port. */
  answer(bytes: Uint8Array<ArrayBuffer>): void;
  /** The worker has taken a part of the answer and waits for the next. */
  more(): void;
}
