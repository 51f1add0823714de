// Windshift's own plugin manager and Cloche, asked the same of the same packages.

import { assert } from 'chai';
import { builtPlugin } from '../../helpers/built-plugin.ts';
import { closeHosts, makeHost } from '../../helpers/hosts.ts';
import { DIFFERENCES } from './answers/differences.ts';
import recorded from './answers/recorded.json' with { type: 'json' };
import { type Answer, answerOf, keysOf, type Scenario, scenarios } from './answers/scenarios.ts';

/** Null where the connection broke. */
const THEIRS = recorded as unknown as Readonly<Record<string, Answer | null>>;
const MEANT = DIFFERENCES.flatMap(({ ours }) => Object.entries(ours));
const SCENARIOS = await scenarios(await builtPlugin('mirror'));

describe('what Windshift itself has answered', () => {
  after(closeHosts);

  for (const scenario of SCENARIOS) {
    it(`is what Cloche answers, but for differences that are meant: ${scenario.name}`, async () => {
      const differing: Record<string, unknown> = {};
      const meant = new Map(MEANT);
      for (const [key, ours] of await answered(scenario)) {
        const expected = meant.get(key) ?? THEIRS[key];
        if (!expected || !isSame(ours, expected)) differing[key] = { ours, expected };
      }
      assert.deepEqual(differing, {});
    });
  }

  it('is there for each question, and each difference is one', () => {
    assert.sameMembers(Object.keys(THEIRS), SCENARIOS.flatMap(keysOf));
    for (const [key, ours] of MEANT) {
      const theirs = THEIRS[key];
      assert.isFalse(theirs === undefined || (theirs !== null && isSame(theirs, ours)), key);
    }
  });
});

function isSame([status, body, headers]: Answer, expected: (typeof MEANT)[number][1]): boolean {
  const sameBody = typeof expected[1] === 'string' ? body === expected[1] : expected[1].test(body);
  return status === expected[0] && sameBody && JSON.stringify(headers) === JSON.stringify(expected[2]);
}

async function answered(scenario: Scenario): Promise<(readonly [key: string, ours: Answer])[]> {
  const host = await makeHost({ serviceWorker: '/cloche-sw.js', policy: { http: { allow: ['*'] } } });
  const answers: (readonly [string, Answer])[] = [];
  const keys = keysOf(scenario);
  for (const [at, { path, init }] of scenario.steps.entries()) {
    answers.push([keys[at] ?? '', await answerOf(await host.fetch(`/api/plugins${path}`, init))]);
  }
  return answers;
}
