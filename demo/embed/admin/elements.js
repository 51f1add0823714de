// Elements of the page by id, and new ones. What plugins say is only ever set as text.

export const at = (id) => document.getElementById(id);

export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

export function button(label, act, className = '') {
  return element('button', { type: 'button', textContent: label, className, onclick: act });
}
