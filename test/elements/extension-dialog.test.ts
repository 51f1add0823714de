import { assert } from 'chai';
import '../../src/elements/extension/dialog/dialog.ts';
import { pause } from '../helpers/hosts.ts';
import { until } from '../helpers/render.ts';
import { answers, armed, button, confirm, modal, native } from './dialog-stand-in.ts';

describe('<cloche-plugin-dialog>', () => {
  it('is modal, and has the focus on what changes nothing', async () => {
    const element = await confirm();
    assert.isTrue(native(element).matches(':modal'));
    assert.equal(element.shadowRoot?.activeElement, button(element, 'cancel'));
  });

  for (const [ask, answer] of [
    [confirm, 'cancel'],
    [modal, null],
  ] as const) {
    it(`answers ${answer} when it is closed by the Escape key`, async () => {
      const element = await ask();
      // What browsers do at that key.
      native(element).close();
      await until(() => answers.length > 0, 'an answer');
      assert.deepEqual(answers, [{ answer, mute: false }]);
    });
  }

  it('closes without an answer when its question is taken away, and opens again', async () => {
    const element = await confirm();
    const { question } = element;
    element.question = undefined;
    await element.updateComplete;
    assert.isFalse(native(element).open);
    element.question = question;
    await element.updateComplete;
    assert.isTrue(native(element).matches(':modal'));
    await pause(50);
    assert.isEmpty(answers);
  });

  it('U7: does nothing at the first click or key, which may have been meant for what was there before', async () => {
    const element = await confirm({}, true);
    for (const name of ['confirm', 'cancel', 'mute']) button(element, name).click();
    await pause(200);
    button(element, 'confirm').click();
    assert.isEmpty(answers);
    assert.isTrue(native(element).open);
    await armed(element);
    button(element, 'confirm').click();
    assert.deepEqual(answers, [{ answer: 'confirm', mute: false }]);
  });

  it('keeps words without end inside the window', async () => {
    const long = 'x'.repeat(2_000);
    const element = await confirm({ title: long, message: long, confirmText: long, cancelText: long });
    const box = native(element).getBoundingClientRect();
    assert.isAtMost(box.right, innerWidth);
    assert.isAtMost(box.bottom, innerHeight);
    assert.isAtMost(native(element).scrollWidth, Math.ceil(box.width));
  });
});
