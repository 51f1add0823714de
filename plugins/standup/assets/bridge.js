// What this page says to the application around it, and hears from it.

/** Answers to come, by the id of their dialog. */
const waiting = new Map();
let confirms = 0;

/** Tells the application that the page can be shown, and how high it is from now on. */
export function ready(content) {
  // The content's own height: that of the document is never less than the frame's, which could then only grow.
  const tell = () => say({ type: 'plugin:resize', height: Math.ceil(content.getBoundingClientRect().height) });
  new ResizeObserver(tell).observe(content);
  tell();
  say({ type: 'plugin:ready' });
}

/** Asks the person, in a dialog of the application. @returns whether the answer is yes */
export function confirm(question) {
  const id = `standup-${++confirms}`;
  const { promise, resolve } = Promise.withResolvers();
  waiting.set(id, resolve);
  say({ type: 'plugin:showConfirm', id, ...question });
  return promise;
}

export function toast(message) {
  say({ type: 'plugin:showToast', message, variant: 'success' });
}

/** Opens the application's list of people. Where it has none, or the person closes it, nothing follows. */
export function pickUser(chosen) {
  onUser = chosen;
  say({ type: 'plugin:showUserPicker' });
}

let onUser;

addEventListener('message', (event) => {
  if (event.source !== parent) return;
  const { type, id, result, user } = event.data ?? {};
  if (type === 'host:themeUpdate') wear(event.data);
  if (type === 'host:userPickerResult') onUser?.(user);
  if (type === 'host:modalResult') {
    waiting.get(id)?.(result === 'confirm');
    waiting.delete(id);
  }
});

/** The style sheet reads the application's variables where they are set, else its own values. */
function wear({ variables, colorScheme = '' }) {
  const { style } = document.documentElement;
  style.colorScheme = colorScheme;
  for (const [name, value] of Object.entries(variables ?? {})) style.setProperty(name, value);
}

function say(message) {
  parent.postMessage(message, '*');
}

say({ type: 'plugin:getTheme' });
