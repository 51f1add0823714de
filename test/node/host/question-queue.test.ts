// Who is asked for an optional permission, when, and how often. Time is moved by hand.

import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it, mock } from 'node:test';
import { QuestionQueue } from '../../../src/host/host-calls/question-queue.ts';
import type { OptionalRequest } from '../../../src/host/settings/effective-settings.ts';
import type { AskPermission, PermissionAnswer } from '../../../src/permissions/ask.ts';

const MINUTE = 60_000;

const pluginOf = (id: string) => ({ id, name: id, version: '1', installation: `${id}~1` });
const requestOf = (capability: string, scope?: unknown): OptionalRequest => ({
  shown: {
    capability,
    risk: 'low',
    status: 'granted',
    sentences: [{ text: `Use ${capability}.` }],
    unmet: [],
    needsServer: undefined,
    reason: 'because',
    optional: true,
    scope,
    granted: false,
    given: [],
    missing: [],
  },
  accepted: { capability, scope },
  scope,
});

/** A person who answers when the test says so. */
class Person {
  readonly asked: string[] = [];
  readonly signals: AbortSignal[] = [];
  readonly #answers: ((answer: unknown) => void)[] = [];

  readonly ask: AskPermission = ({ plugin, request }, signal) => {
    this.asked.push(`${plugin.id} ${request.capability}`);
    this.signals.push(signal);
    return new Promise((resolve) => this.#answers.push(resolve as (answer: unknown) => void));
  };

  async answer(answer: unknown): Promise<void> {
    this.#answers.shift()?.(answer);
    await turns();
  }
}

const turns = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};
const never = new AbortController().signal;

let person: Person;
let queue: QuestionQueue;
const real = performance.now;

/** Timers of Cloche go by `performance.now`, which the runner's clock leaves alone. */
const pass = async (ms: number): Promise<void> => {
  for (let passed = 0; passed < ms; passed += 1_000) {
    mock.timers.tick(1_000);
    await turns();
    await new Promise((resolve) => setImmediate(resolve));
  }
};

// Once: all timers of a page are one, and it goes on from test to test.
before(() => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  performance.now = () => Date.now();
});
beforeEach(() => {
  person = new Person();
  queue = new QuestionQueue(person.ask);
});
after(() => {
  mock.timers.reset();
  performance.now = real;
});

const ask = (plugin = 'a', capability = 'http', signal = never, scope?: unknown): Promise<PermissionAnswer> =>
  queue.ask(pluginOf(plugin), requestOf(capability, scope), signal);

describe('a question for an optional permission', () => {
  for (const answer of ['always', 'session', 'once', 'no'] as const) {
    it(`is answered with "${answer}"`, async () => {
      const asked = ask();
      await turns();
      await person.answer(answer);
      assert.equal(await asked, answer);
    });
  }

  for (const answer of [undefined, true, 'yes', {}]) {
    it(`takes ${JSON.stringify(answer)} for a no`, async () => {
      const asked = ask();
      await turns();
      await person.answer(answer);
      assert.equal(await asked, 'no');
    });
  }

  it('X12: is asked one at a time, in the order in which they came', async () => {
    const [first, second] = [ask('a'), ask('b')];
    await turns();
    assert.deepEqual(person.asked, ['a http']);
    await person.answer('once');
    assert.deepEqual(person.asked, ['a http', 'b http']);
    await person.answer('session');
    assert.deepEqual([await first, await second], ['once', 'session']);
  });

  it('X12: is a no after two minutes, and is not asked again', async () => {
    const asked = ask();
    await turns();
    await pass(2 * MINUTE + 1_000);
    assert.equal(await asked, 'no');
    assert.equal(person.signals[0]?.aborted, true);
    await person.answer('always');
    assert.equal(await ask(), 'no');
    assert.equal(person.asked.length, 1);
  });

  it('is a no after two minutes in the queue, and was never asked', async () => {
    const first = ask('a');
    await pass(MINUTE);
    const second = ask('b');
    await turns();
    await pass(MINUTE + 2_000);
    assert.equal(await first, 'no');
    assert.deepEqual(person.asked, ['a http', 'b http']);
    const third = ask('c');
    await pass(MINUTE);
    assert.equal(await second, 'no');
    await person.answer('no');
    await person.answer('no');
    await person.answer('once');
    assert.equal(await third, 'once');
  });

  it('is not repeated after a no, unless it asks for something else', async () => {
    const asked = ask();
    await turns();
    await person.answer('no');
    await asked;
    assert.equal(await ask(), 'no');
    void ask('a', 'kv');
    await turns();
    await person.answer('no');
    void ask('a', 'http', never, { allow: ['b.example'] });
    await turns();
    await person.answer('no');
    void ask('b');
    await turns();
    assert.deepEqual(person.asked, ['a http', 'a kv', 'a http', 'b http']);
  });

  it('is repeated after a no once somebody has decided anew', async () => {
    const asked = ask();
    await turns();
    await person.answer('no');
    await asked;
    queue.forget('a~1');
    void ask();
    await turns();
    assert.equal(person.asked.length, 2);
  });

  it('ends with the call that asks, which refuses nothing', async () => {
    const call = new AbortController();
    const asked = ask('a', 'http', call.signal);
    await turns();
    call.abort();
    assert.equal(await asked, 'no');
    assert.equal(person.signals[0]?.aborted, true);
    const again = ask();
    await turns();
    assert.equal(person.asked.length, 2);
    await person.answer('always');
    await person.answer('once');
    assert.equal(await again, 'once', 'what was said too late to the first is no answer to the second');
  });

  it('that fails is told to who asked, and nobody else waits for it', async () => {
    const failing = new QuestionQueue(() => Promise.reject(new Error('no dialog here')));
    const plugin = pluginOf('a');
    await assert.rejects(failing.ask(plugin, requestOf('http'), never), /no dialog here/);
    assert.equal(await failing.ask(plugin, requestOf('http'), never), 'no');
  });
});
