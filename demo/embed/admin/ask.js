// Questions to the admin, a dialog each.

import { element } from './elements.js';

/**
 * @param question title, text, and answers as [value, label, class]; the first has the focus
 * @param signal takes the question back
 * @returns the value of the answer, '' when there was none
 */
export async function ask({ title, text, answers }, signal) {
  const buttons = answers.map(([value, label, className = '']) =>
    element('button', { type: 'submit', value, textContent: label, className }),
  );
  const dialog = element(
    'dialog',
    {},
    element(
      'form',
      { method: 'dialog' },
      element('h2', { id: 'question', textContent: title }),
      element('p', { textContent: text }),
      element('div', { className: 'line' }, ...buttons),
    ),
  );
  dialog.setAttribute('aria-labelledby', 'question');
  document.body.append(dialog);
  const closed = new Promise((close) => dialog.addEventListener('close', close));
  signal?.addEventListener('abort', () => dialog.close());
  dialog.showModal();
  await closed;
  dialog.remove();
  return dialog.returnValue;
}
