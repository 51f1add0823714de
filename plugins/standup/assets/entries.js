// The list of what was said.

import { at, element } from './elements.js';

const PARTS = [
  ['yesterday', 'Yesterday'],
  ['today', 'Today'],
  ['blockers', 'In the way'],
];

/** Shows a day's entries. `edit` and `remove` are called with the entry whose button was pressed. */
export function showEntries(entries, { edit, remove }) {
  at('entries').replaceChildren(...entries.map((entry) => entryElement(entry, edit, remove)));
  at('nothing').hidden = entries.length > 0;
  at('send').disabled = entries.length === 0;
}

function entryElement(entry, edit, remove) {
  const parts = PARTS.filter(([name]) => entry[name]).flatMap(([name, label]) => [
    element('dt', { className: name, textContent: label }),
    element('dd', { textContent: entry[name], dir: 'auto' }),
  ]);
  return element(
    'li',
    {},
    element('h3', {}, element('bdi', { textContent: entry.author })),
    element('div', { className: 'actions' }, button('Edit', entry, edit), button('Remove', entry, remove)),
    element('dl', {}, ...parts),
  );
}

function button(word, entry, act) {
  const made = element('button', { type: 'button', className: 'quiet', textContent: word, onclick: () => act(entry) });
  made.setAttribute('aria-label', `${word} the entry of ${entry.author}`);
  return made;
}
