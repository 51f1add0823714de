// Does a call once, however often it is asked for: the rules of the idempotency key.
//
// 1. What only the database needs is done in the transaction that remembers the answer: both happen, or neither.
// 2. Anything else is recorded when its turn has come and before it begins, and again when it has ended. A record without
//    an end, found by a relay that is not working on it, answers OUTCOME_UNKNOWN from then on: doing it again could do it
//    twice.
// 3. What changes nothing is not recorded: the same key does it again.
// 4. While it runs, the same key answers IN_PROGRESS. Another body under that key answers KEY_REUSED, at any time.

import type { Answer, Answers, CallRef } from './answers.ts';
import type { Deadline } from './deadline.ts';
import type { Call, Effect, Prepared, Read } from './functions/relay-function.ts';
import { Problem } from './problem.ts';

export type Once = (ref: CallRef, call: Call, prepared: Prepared) => Promise<Answer>;

export function createOnce(answers: Answers, report: (error: unknown) => void): Once {
  const running = new Map<string, string>();

  return async (ref, call, prepared) => {
    const name = JSON.stringify([ref.caller, ref.key]);
    const other = running.get(name);
    if (other !== undefined)
      throw other === ref.hash ? new Problem('in_progress', undefined, 1) : new Problem('key_reused');
    running.set(name, ref.hash);
    try {
      if (prepared.kind === 'transaction') return await answers.commit(ref, prepared);
      if (prepared.kind === 'read') return await read(call.deadline, prepared);
      return (await answers.find(ref)) ?? (await inTurn(ref, call.deadline, prepared));
    } finally {
      running.delete(name);
    }
  };

  async function read(deadline: Deadline, { turns, run }: Read): Promise<Answer> {
    const giveBack = await turns.take(deadline.signal);
    try {
      return { result: JSON.stringify(await run()), repeated: false };
    } finally {
      giveBack();
    }
  }

  async function inTurn(ref: CallRef, deadline: Deadline, effect: Effect): Promise<Answer> {
    const giveBack = await effect.turns.take(deadline.signal);
    try {
      return (await answers.begin(ref, deadline.leftMs())) ?? (await perform(ref, effect));
    } finally {
      giveBack();
    }
  }

  async function perform(ref: CallRef, effect: Effect): Promise<Answer> {
    let result: string;
    try {
      result = JSON.stringify(await effect.run());
    } catch (error) {
      if (error instanceof Problem) {
        await kept(answers.forget(ref));
        throw error;
      }
      report(error);
      await kept(answers.lose(ref));
      throw new Problem('outcome_unknown');
    }
    await kept(answers.finish(ref, result));
    return { result, repeated: false };
  }

  /** The record then says that the call began, and a repeated one hears OUTCOME_UNKNOWN: worse than the truth, never twice. */
  async function kept(writing: Promise<void>): Promise<void> {
    await writing.catch(report);
  }
}
