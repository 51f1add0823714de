import { assert } from 'chai';
import { page } from '../../src/dialects/windshift/page/page.ts';
import { type Asker, DialogQueue, type Question } from '../../src/elements/extension/dialog/dialog-queue.ts';
import type { Answer } from '../../src/manifest/page-messages.ts';

class Page implements Asker {
  shown = true;
  readonly answers: string[] = [];
  /** Id of the question that is open. */
  shownId: Question['id'] | undefined;
  canMute = false;
  readonly #queue: DialogQueue;

  constructor(queue: DialogQueue) {
    this.#queue = queue;
  }

  isShown(): boolean {
    return this.shown;
  }

  open(question: Question, canMute: boolean): void {
    this.shownId = question.id;
    this.canMute = canMute;
  }

  close(): void {
    this.shownId = undefined;
  }

  ask(id: string, type = 'plugin:showConfirm'): void {
    const question = page.read({ type, id }) as Question;
    this.#queue.ask(this, question, (answer: Answer) => this.answers.push(`${id} ${answer}`));
  }
}

describe('the queue of dialogs', () => {
  let queue: DialogQueue;
  let one: Page;
  let two: Page;

  beforeEach(() => {
    queue = new DialogQueue();
    one = new Page(queue);
    two = new Page(queue);
  });

  it('opens one question at a time, in the order they came, of all pages together', () => {
    one.ask('a');
    two.ask('b');
    one.ask('c');
    assert.deepEqual([one.shownId, two.shownId], ['a', undefined]);
    queue.settle('confirm');
    assert.deepEqual([one.shownId, two.shownId], [undefined, 'b']);
    queue.settle('cancel');
    assert.deepEqual([one.shownId, two.shownId], ['c', undefined]);
    assert.deepEqual(one.answers, ['a confirm']);
    assert.deepEqual(two.answers, ['b cancel']);
  });

  it('lets five of a page wait, and dismisses what is more at once', () => {
    for (let at = 0; at < 8; at++) one.ask(`q${at}`);
    one.ask('m', 'plugin:showModal');
    two.ask('b');
    assert.deepEqual(one.answers, ['q6 cancel', 'q7 cancel', 'm null']);
    assert.isEmpty(two.answers);
  });

  it('answers null to all that a page has asked when it goes, and goes on with the others', () => {
    one.ask('a');
    two.ask('b');
    one.ask('c');
    queue.withdraw(one);
    assert.deepEqual(one.answers, ['c null', 'a null']);
    assert.isUndefined(one.shownId);
    assert.equal(two.shownId, 'b');
  });

  it('waits with the questions of a page that cannot be seen', () => {
    one.shown = false;
    one.ask('a');
    two.ask('b');
    assert.deepEqual([one.shownId, two.shownId], [undefined, 'b']);
    queue.settle('cancel');
    assert.isUndefined(one.shownId);
    one.shown = true;
    queue.next();
    assert.equal(one.shownId, 'a');
  });

  it('takes a question away with its page, and brings it back with it', () => {
    one.ask('a');
    one.shown = false;
    queue.next();
    assert.isUndefined(one.shownId);
    assert.isEmpty(one.answers);
    one.shown = true;
    queue.next();
    assert.equal(one.shownId, 'a');
  });

  it('offers an end to a page that asks for the third time within half a minute', () => {
    const offers: boolean[] = [];
    for (const id of ['a', 'b', 'c']) {
      one.ask(id);
      offers.push(one.canMute);
      queue.settle('cancel');
    }
    assert.deepEqual(offers, [false, false, true]);
    two.ask('x');
    assert.isFalse(two.canMute);
  });

  it('dismisses whatever a page asks after the user wanted no more of it', () => {
    one.ask('a');
    one.ask('b');
    queue.mute();
    queue.settle('cancel');
    one.ask('c', 'plugin:showModal');
    assert.deepEqual(one.answers, ['b cancel', 'a cancel', 'c null']);
    assert.isUndefined(one.shownId);
    two.ask('d');
    assert.equal(two.shownId, 'd');
  });
});
