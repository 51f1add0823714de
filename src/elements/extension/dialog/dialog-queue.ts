// Whose dialog is open: one at a time in the whole page, and only while the page that asked can be seen.

import type { Answer, ShowConfirm, ShowModal } from '../../../manifest/page-messages.ts';

export type Question = ShowModal | ShowConfirm;

/** Where questions of one plugin's page are shown. */
export interface Asker {
  /** Whether people can see the page that asks. */
  isShown(): boolean;
  /** Shows the question. @param canMute whether to offer an end to questions of this page */
  open(question: Question, canMute: boolean): void;
  /** Takes the question away. */
  close(): void;
}

interface QueuedQuestion {
  readonly asker: Asker;
  readonly question: Question;
  readonly answer: (answer: Answer) => void;
}

/** Of one asker, besides the one that is open. */
const MOST_WAITING = 5;
/** From this many within this time on, in ms, a user may want no more of them. */
const MANY = 3;
const MANY_WITHIN_MS = 30_000;

/** The answer to a question that was closed without choosing. */
export function dismissal(question: Question): Answer {
  return question.type === 'confirm' ? 'cancel' : null;
}

export class DialogQueue {
  #waiting: QueuedQuestion[] = [];
  #open: QueuedQuestion | undefined;
  /** Questions of the page itself that are open. */
  #held = 0;
  readonly #muted = new WeakSet<Asker>();
  readonly #askedAt = new WeakMap<Asker, number[]>();

  /** Asks in its turn. What is too many is answered at once as if it had been closed. */
  ask(asker: Asker, question: Question, answer: (answer: Answer) => void): void {
    const waiting = this.#waiting.filter((other) => other.asker === asker);
    if (this.#muted.has(asker) || waiting.length >= MOST_WAITING) {
      answer(dismissal(question));
    } else {
      this.#waiting.push({ asker, question, answer });
      this.next();
    }
  }

  /** The user has answered what is open. */
  settle(answer: Answer): void {
    const settled = this.#open;
    this.#open = undefined;
    settled?.asker.close();
    settled?.answer(answer);
    this.next();
  }

  /** The user wants no more questions of the asker whose question is open; it is still to be settled. */
  mute(): void {
    const asker = this.#open?.asker;
    if (!asker) return;
    this.#muted.add(asker);
    this.#dismissWaiting(asker, dismissal);
  }

  /** The asker is gone: what it asked is answered with null. */
  withdraw(asker: Asker): void {
    this.#dismissWaiting(asker, () => null);
    if (this.#open?.asker === asker) this.settle(null);
  }

  /** Opens what can be opened now; an asker that is shown or hidden calls this too. */
  next(): void {
    if (this.#open && (this.#held > 0 || !this.#open.asker.isShown())) {
      // Nobody could see a dialog that holds up the whole page. It waits until they can.
      this.#waiting.unshift(this.#open);
      this.#open.asker.close();
      this.#open = undefined;
    }
    if (this.#open || this.#held > 0) return;
    const at = this.#waiting.findIndex(({ asker }) => asker.isShown());
    const [turn] = at < 0 ? [] : this.#waiting.splice(at, 1);
    if (!turn) return;
    this.#open = turn;
    turn.asker.open(turn.question, this.#isMany(turn.asker));
  }

  /** The page asks something itself: questions of plugins wait, and none lies over it. @returns how to end that, once */
  hold(): () => void {
    this.#held++;
    this.next();
    return () => {
      this.#held--;
      this.next();
    };
  }

  #dismissWaiting(asker: Asker, answerTo: (question: Question) => Answer): void {
    const gone = this.#waiting.filter((waiting) => waiting.asker === asker);
    this.#waiting = this.#waiting.filter((waiting) => waiting.asker !== asker);
    for (const { question, answer } of gone) answer(answerTo(question));
  }

  #isMany(asker: Asker): boolean {
    const now = performance.now();
    const recent = [...(this.#askedAt.get(asker) ?? []).filter((time) => now - time < MANY_WITHIN_MS), now];
    this.#askedAt.set(asker, recent);
    return recent.length >= MANY;
  }
}

/** The one of this page: a native modal dialog holds up all of it. */
export const dialogQueue = new DialogQueue();
