// Questions to the admin, a dialog each.

import { element } from './elements.js';

/**
 * @param question title, text, and answers as [value, label, class]; the first has the focus. With a `field` of label and
 * value there is a text to go with the first answer
 * @param signal takes the question back
 * @returns the value of the answer, '' when there was none; with a `field` both, as { answer, text }
 */
export async function ask({ title, text, answers, field }, signal) {
  const buttons = answers.map(([value, label, className = '']) =>
    element('button', { type: 'submit', value, textContent: label, className }),
  );
  const input =
    field && element('input', { value: field.value, maxLength: 64, spellcheck: false, autocomplete: 'off' });
  const dialog = element(
    'dialog',
    {},
    element(
      'form',
      { method: 'dialog' },
      element('h2', { id: 'question', textContent: title }),
      element('p', { id: 'question-text', textContent: text }),
      ...(input ? [element('label', { className: 'field' }, field.label, input)] : []),
      element('div', { className: 'line' }, ...buttons),
    ),
  );
  dialog.setAttribute('aria-labelledby', 'question');
  dialog.setAttribute('aria-describedby', 'question-text');
  document.body.append(dialog);
  const closed = new Promise((close) => dialog.addEventListener('close', close));
  signal?.addEventListener('abort', () => dialog.close());
  dialog.showModal();
  buttons[0].focus();
  await closed;
  dialog.remove();
  return input ? { answer: dialog.returnValue, text: input.value.trim() } : dialog.returnValue;
}
