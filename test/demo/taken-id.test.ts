import { assert } from 'chai';
import { html } from 'lit';
import type { TakenAnswer } from '../../demo/playground/events.ts';
import '../../demo/playground/taken-id/taken-id.ts';
import type { TakenId } from '../../demo/playground/taken-id/taken-id.ts';
import { assertAccessible } from '../helpers/axe.ts';
import { find, renderElement, textOf, until } from '../helpers/render.ts';

async function question(
  name = 'Notes',
  file = 'notes.wasm',
): Promise<{ element: TakenId; answers: (TakenAnswer | undefined)[] }> {
  const manifest = { name, version: '1.0.0' };
  const taken = { id: 'notes', manifest, file, free: 'notes-2', files: [] };
  const element = await renderElement<TakenId>(html`<playground-taken-id .taken=${taken}></playground-taken-id>`);
  const answers: (TakenAnswer | undefined)[] = [];
  element.addEventListener('playground-taken', ({ answer }) => answers.push(answer));
  return { element, answers };
}

const buttonOf = (element: TakenId, value: string): HTMLButtonElement => find(element, `button[value="${value}"]`);
const armed = (element: TakenId) =>
  until(() => buttonOf(element, 'wipe').getAttribute('aria-disabled') === 'false', 'the buttons to work');

describe('<playground-taken-id>', () => {
  it('passes the axe checks', async () => {
    const { element } = await question();
    await armed(element);
    await assertAccessible(element);
  });

  it('says whose id it is, and begins at the answer that destroys nothing', async () => {
    const { element } = await question();
    assert.isTrue(find<HTMLDialogElement>(element, 'dialog').open);
    assert.include(textOf(find(element, '#about')), 'notes.wasm');
    assert.equal(element.shadowRoot?.activeElement, buttonOf(element, 'beside'));
  });

  for (const [value, answer] of [
    ['keep', { replace: 'keep' }],
    ['wipe', { replace: 'wipe' }],
    ['beside', { id: 'notes-2' }],
    ['', undefined],
  ] as const) {
    it(`answers ${JSON.stringify(answer)} with the button of "${value}"`, async () => {
      const { element, answers } = await question();
      if (value !== '') {
        buttonOf(element, value).click();
        assert.isTrue(find<HTMLDialogElement>(element, 'dialog').open, 'the first press is not meant for it');
        await armed(element);
      }
      buttonOf(element, value).click();
      await until(() => answers.length === 1, 'the answer');
      assert.deepEqual(answers, [answer]);
    });
  }

  it('answers undefined when it is left by Escape', async () => {
    const { element, answers } = await question();
    find<HTMLDialogElement>(element, 'dialog').close();
    await until(() => answers.length === 1, 'the answer');
    assert.deepEqual(answers, [undefined]);
  });

  it('takes no id that none may have', async () => {
    const { element } = await question();
    await armed(element);
    find<HTMLInputElement>(element, 'input').value = '../x';
    buttonOf(element, 'beside').click();
    assert.isTrue(find<HTMLDialogElement>(element, 'dialog').open);
  });

  it('U11: makes visible what would get a name out of its place and turn the words around it', async () => {
    const { element } = await question('Notes\u2069\u202e', 'notes\u2069\u202e.wasm');
    const text = textOf(element);
    for (const shown of ['Notes\\u2069\\u202e has this id', 'notes\\u2069\\u202e.wasm']) assert.include(text, shown);
    assert.notMatch(text, /[\u2069\u202e]/);
  });
});
