import { assert } from 'chai';
import { page } from '../../../src/dialects/windshift/page/page.ts';
import '../../../src/elements/extension/dialog/dialog.ts';
import { leaveQuestion } from '../../../src/elements/extension/bridge/leave-question.ts';
import type { Question } from '../../../src/elements/extension/dialog/dialog-queue.ts';
import { pageWords } from '../../../src/elements/extension/words/page-words.ts';
import { assertAccessible } from '../../helpers/axe.ts';
import { find, textOf } from '../../helpers/render.ts';
import { answers, armed, button, confirm, isArmed, modal, native } from '../dialog-stand-in.ts';

describe('<cloche-plugin-dialog>', () => {
  it('passes the axe checks, as a question and with data', async () => {
    const asked = await confirm({ variant: 'danger' }, true);
    // Before that the buttons are pale, as switched off.
    await armed(asked);
    await assertAccessible(asked);
    asked.remove();
    const shown = await modal({ content: { first_name: 'Ada', nothing: null, more: { a: 1 } } });
    await armed(shown);
    await assertAccessible(shown);
  });

  it('says which plugin asks, by name and id', async () => {
    const element = await confirm();
    assert.equal(textOf(find(element, '#asker')), 'Plugin Daily standup standup');
    assert.include(native(element).getAttribute('aria-describedby') ?? '', 'asker');
  });

  it('shows title, message and the words of both buttons', async () => {
    const given = { title: 'Delete board', message: 'All of it?', confirmText: 'Delete', cancelText: 'Keep' };
    const element = await confirm({ ...given, variant: 'danger' });
    assert.equal(textOf(find(element, '#title')), 'Delete board');
    assert.equal(textOf(find(element, '.body')), 'All of it?');
    assert.equal(textOf(button(element, 'cancel')), 'Keep');
    assert.equal(textOf(button(element, 'confirm')), 'Delete');
    assert.isTrue(button(element, 'confirm').classList.contains('danger'));
  });

  it('shows rows of data, and no data as such', async () => {
    const element = await modal({ content: { first_name: 'Ada', born: null, more: { a: 1 } } });
    const labels = [...native(element).querySelectorAll('dt')].map((label) => textOf(label));
    const values = [...native(element).querySelectorAll('dd')].map((value) => textOf(value));
    assert.deepEqual(labels, ['First Name', 'Born', 'More']);
    assert.deepEqual(values, ['Ada', 'no data', '{ "a": 1 }']);
    assert.equal(find(element, 'dd pre').textContent, '{\n  "a": 1\n}');
  });

  it('says so when a modal has nothing to show', async () => {
    assert.equal(textOf(find(await modal(), '.body')), 'No data.');
  });

  for (const [name, answer] of [
    ['confirm', 'confirm'],
    ['cancel', 'cancel'],
  ] as const) {
    it(`answers ${answer} to its button`, async () => {
      const element = await confirm();
      await armed(element);
      button(element, name).click();
      assert.deepEqual(answers, [{ answer, mute: false }]);
    });
  }

  it('answers null when a modal is closed', async () => {
    const element = await modal();
    await armed(element);
    button(element, 'cancel').click();
    assert.deepEqual(answers, [{ answer: null, mute: false }]);
  });

  it('can end the dialogs of a page that asks too often', async () => {
    const element = await confirm({}, true);
    await armed(element);
    button(element, 'mute').click();
    assert.deepEqual(answers, [{ answer: 'cancel', mute: true }]);
  });

  it('U7: waits again for the next question', async () => {
    const element = await confirm();
    await armed(element);
    element.question = page.read({ type: 'plugin:showConfirm', id: 'next' }) as Question;
    await element.updateComplete;
    assert.isFalse(isArmed(element));
    button(element, 'confirm').click();
    assert.isEmpty(answers);
  });

  it('U11: shows markup as the text that it is, everywhere', async () => {
    const markup = '<img src=x onerror="document.title=1"><b>bold</b>';
    const element = await confirm({ title: markup, message: markup, confirmText: markup, cancelText: markup });
    const data = await modal({ title: markup, content: { [markup]: markup, inner: { [markup]: markup } } });
    const text = await modal({ content: markup });
    for (const one of [element, data, text]) {
      assert.isNull(native(one).querySelector('img, b'));
      assert.include(textOf(one), '<b>bold</b>');
    }
  });

  it('U11: asks before a link is followed, with the whole address and the true name of its host', async () => {
    const words = pageWords(await confirm());
    const { title, message, confirmText, cancelText } = leaveQuestion(
      words,
      new URL('https://b\u00e4nk.example/a?data=secret#x'),
    );
    assert.equal(title, 'Open another site?');
    assert.match(message, /^https:\/\/xn--bnk-qla\.example\/a\?data=secret#x\n\nThe plugin made this address/);
    assert.equal(confirmText, 'Open xn--bnk-qla.example');
    assert.equal(cancelText, 'Stay here');
    assert.isBelow(leaveQuestion(words, new URL(`https://a.example/${'x'.repeat(100_000)}`)).message.length, 2_200);
  });
});
