// One plugin: what it is, what can be done with it, what it may do.

import { ask } from './ask.js';
import { at, button, element } from './elements.js';
import { install } from './install.js';

/** @param opened ids of the plugins whose permissions are shown */
export function pluginRow(host, plugin, opened) {
  const { name, version, description, author } = plugin.manifest;
  const words = author ? `${description} By ${author}.` : description;
  return element(
    'li',
    {},
    element('h3', {}, element('bdi', { textContent: name }), ' ', element('code', { textContent: version })),
    state(plugin.state),
    element('p', { className: 'subtle theirs', textContent: words }),
    ...(plugin.needsServer.size > 0 ? [needs(plugin)] : []),
    ...(plugin.pending ? [pendingUpdate(plugin)] : []),
    actions(host, plugin),
    permissions(plugin, opened),
  );
}

/** One whose record cannot be read: all that is known of it is its id, and it can be removed. */
export function unreadableRow(host, { id, error }) {
  const plugin = { id, manifest: { name: id } };
  const remove = action(plugin, 'remove', 'Remove', () => host.removeUnreadable(id));
  return element(
    'li',
    {},
    element('h3', {}, element('bdi', { textContent: id })),
    element('p', {
      className: 'subtle theirs',
      textContent: `It cannot be read, so it does not run. ${error.message}`,
    }),
    element('div', { className: 'line' }, remove),
  );
}

/** Whether it can be called; one that is quarantined cannot. */
export function isOn({ state }) {
  return state === 'running' || state === 'asleep';
}

function state(value) {
  return element('cloche-state', { state: value });
}

function needs({ needsServer }) {
  return element('p', { className: 'needs subtle' }, state('needs-server'), ` ${[...needsServer.values()].join(' ')}`);
}

function actions(host, plugin) {
  const all = [
    isOn(plugin) ? ['switch', 'Switch off', () => plugin.disable()] : ['switch', 'Switch on', () => plugin.enable()],
    ...(isOn(plugin) ? [['reload', 'Reload', () => plugin.reload()]] : []),
    ['update', 'Update', () => update(host)],
    ['remove', 'Uninstall', () => uninstall(plugin)],
  ];
  return element('div', { className: 'line' }, ...all.map(([key, label, act]) => action(plugin, key, label, act)));
}

function action(plugin, key, label, act, className = 'quiet') {
  const made = button(label, () => attempt(plugin, act), className);
  made.dataset.key = `${plugin.id} ${key}`;
  made.setAttribute('aria-label', `${label} ${plugin.manifest.name}`);
  return made;
}

/** What fails is said where installing says it. */
async function attempt(plugin, act) {
  at('refused').textContent = '';
  try {
    await act();
  } catch (error) {
    at('refused').textContent = `${plugin.manifest.name}: ${error.message}`;
  }
}

function update(host) {
  const input = element('input', { type: 'file', accept: '.zip,.wasm' });
  input.onchange = () => void install(host, input.files[0]);
  input.click();
}

async function uninstall(plugin) {
  const answer = await ask({
    title: `Uninstall ${plugin.manifest.name}?`,
    text: 'What it stored can stay in this browser, out of reach until you give it to a plugin of this id, or go with it.',
    answers: [
      ['keep', 'Uninstall, keep its data'],
      ['wipe', 'Uninstall with its data', 'danger'],
      ['', 'Cancel', 'quiet'],
    ],
  });
  if (!answer) return;
  await plugin.uninstall({ wipe: answer === 'wipe' });
  at('plugins-title').focus();
}

/** A newer version that asks for more than was allowed: nothing of it runs before the admin has accepted it. */
function pendingUpdate(plugin) {
  const { version, sha256, requests } = plugin.pending;
  const more = requests.flatMap(({ missing }) => missing);
  const made = element(
    'div',
    { className: 'pending' },
    element('p', {}, 'Version ', element('bdi', { textContent: version }), ' waits, since it asks for more:'),
    element('ul', {}, ...more.map((textContent) => element('li', { className: 'theirs', textContent }))),
    element(
      'div',
      { className: 'line' },
      action(plugin, 'accept', 'Accept the update', () => plugin.accept(sha256), 'primary'),
      action(plugin, 'dismiss', 'Dismiss it', () => plugin.dismiss()),
    ),
  );
  made.setAttribute('role', 'group');
  made.setAttribute('aria-label', `An update of ${plugin.manifest.name} waits`);
  return made;
}

function permissions(plugin, opened) {
  const requests = plugin.requests();
  const isAsking = requests.some(({ granted, sentences }) => !granted && sentences.length > 0);
  const summary = element('summary', {}, isAsking ? 'It asks for something' : 'What it may do');
  summary.dataset.key = `${plugin.id} permissions`;
  const details = element('details', { open: isAsking || opened.has(plugin.id) }, summary);
  // What asks is open by itself, which says nothing about what the admin wants to see.
  if (!isAsking) details.ontoggle = () => (details.open ? opened.add(plugin.id) : opened.delete(plugin.id));
  if (requests.length === 0) details.append(element('p', { textContent: 'Compute, and nothing else.' }));
  else details.append(element('ul', {}, ...requests.flatMap(requestItems)), decision(plugin, isAsking));
  return details;
}

function decision(plugin, isAsking) {
  return isAsking
    ? action(plugin, 'allow', 'Allow it', () => plugin.configure({ grant: 'manifest' }), 'primary')
    : action(plugin, 'forbid', 'Take it back', () => plugin.configure({ grant: 'none' }), '');
}

/** The riskiest come first. The sentences are Cloche's own, the reason is the plugin's. */
function requestItems({ given, missing, reason }) {
  return [...given.map(({ text }) => ['Allowed', text]), ...missing.map(({ text }) => ['Not allowed', text])].map(
    ([word, text]) =>
      element(
        'li',
        { className: word === 'Allowed' ? 'allowed' : '' },
        element('b', { textContent: word }),
        element('span', { className: 'theirs', textContent: text }),
        ...(reason ? [element('q', { className: 'subtle theirs', textContent: reason })] : []),
      ),
  );
}
