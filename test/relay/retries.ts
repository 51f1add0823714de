// What a call of the relay does after an answer that may be better the next time.

import { assert } from 'chai';
import { result, type ScriptedAnswer, scriptedRelay } from '../capabilities/scripted-relay.ts';
import { pause } from '../helpers/hosts.ts';
import { sideBySide } from '../helpers/side-by-side.ts';
import { callRelay, failureOf } from './call.ts';

const DONE = result({ note: 'done' });

export interface Envelope {
  deadlineMs: number;
}

async function repeated(answer: ScriptedAnswer): Promise<void> {
  const relay = await scriptedRelay(answer, answer, DONE);
  assert.equal(await callRelay(relay), 'done');
  const seen = await relay.seen();
  assert.lengthOf(seen, 3);
  assert.lengthOf(new Set(seen.map(({ headers }) => headers['idempotency-key'])), 1);
  const deadlines = seen.map(({ body }) => (JSON.parse(body) as Envelope).deadlineMs);
  assert.isBelow(deadlines.at(-1) ?? 0, (deadlines[0] ?? 0) - 100);
}

async function sentOnce(answer: ScriptedAnswer): Promise<void> {
  const relay = await scriptedRelay(answer, DONE);
  await failureOf(relay, { once: true });
  await pause(400);
  assert.lengthOf(await relay.seen(), 1);
}

/** Two tests for each of these answers. */
export function retriesAfter(answers: readonly (readonly [what: string, answer: ScriptedAnswer])[]): void {
  const outcome = sideBySide(
    Object.fromEntries(
      answers.flatMap(([what, answer]) => [
        [`repeated ${what}`, () => repeated(answer)],
        [`once ${what}`, () => sentOnce(answer)],
      ]),
    ),
  );
  for (const [what] of answers) {
    it(`repeats after ${what}, with the same key and less time`, () => outcome(`repeated ${what}`));

    it(`never repeats what may be sent only once, after ${what}`, () => outcome(`once ${what}`));
  }
}
