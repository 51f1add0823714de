// Scenarios that know nothing of each other and mostly wait: begun together, told one a test.

import { assert } from 'chai';

/**
 * Begins all of them before the first test of the suite in which this is called.
 * @returns what becomes of the one with that name
 */
export function sideBySide<T>(scenarios: Readonly<Record<string, () => Promise<T>>>): (name: string) => Promise<T> {
  const outcomes = new Map<string, Promise<T>>();
  before(() => {
    for (const [name, run] of Object.entries(scenarios)) {
      const outcome = run();
      // Whoever asks for it hears of it, and that may be later.
      outcome.catch(() => undefined);
      outcomes.set(name, outcome);
    }
  });
  return async (name) => outcomes.get(name) ?? assert.fail(`${name} was not begun`);
}
