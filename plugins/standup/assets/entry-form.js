// The form of one's own entry, with what changed on that day to pick from.

import { pickUser } from './bridge.js';
import { at, element } from './elements.js';

const form = at('entry');
/** Where a suggestion goes: the field that the person was in last. */
let lastField = at('today');

form.addEventListener('focusin', ({ target }) => {
  if (target instanceof HTMLTextAreaElement) lastField = target;
});

// Textareas as high as their text, where the browser has no `field-sizing`.
if (!CSS.supports('field-sizing', 'content')) form.addEventListener('input', ({ target }) => grow(target));

at('pick').addEventListener('click', () => {
  pickUser((user) => {
    form.author.value = nameOf(user) ?? form.author.value;
  });
});

/** What is in the form, with `day`. */
export function entryOf(day) {
  return { day, ...Object.fromEntries(new FormData(form)) };
}

/** Puts an entry into the form, to be changed. */
export function editEntry(entry) {
  for (const name of ['author', 'yesterday', 'today', 'blockers']) {
    form[name].value = entry[name];
    grow(form[name]);
  }
  form.yesterday.focus();
}

/** Leaves the name: whoever writes the next one is most likely the same person. */
export function emptyEntry() {
  for (const name of ['yesterday', 'today', 'blockers']) {
    form[name].value = '';
    grow(form[name]);
  }
}

export function showSuggestions(suggestions) {
  at('changed').hidden = suggestions.length === 0;
  at('suggestions').replaceChildren(...suggestions.map((item) => element('li', {}, chip(item))));
}

function chip({ key, title, status }) {
  const add = () => {
    const line = status ? `${key} ${title} (${status})` : `${key} ${title}`;
    lastField.value = lastField.value ? `${lastField.value.trimEnd()}\n${line}` : line;
    grow(lastField);
  };
  return element(
    'button',
    { type: 'button', className: 'chip', onclick: add, title: status },
    element('code', { textContent: key }),
    element('bdi', { textContent: title }),
  );
}

/** Applications differ in what a person's record calls the name. */
function nameOf(user) {
  const fields = user ?? {};
  const parts = [fields.first_name, fields.last_name].filter(Boolean).join(' ');
  return [fields.full_name, fields.name, parts, fields.username, fields.email].find(Boolean);
}

function grow(field) {
  if (!(field instanceof HTMLTextAreaElement) || CSS.supports('field-sizing', 'content')) return;
  field.style.height = 'auto';
  field.style.height = `${field.scrollHeight + 2}px`;
}
