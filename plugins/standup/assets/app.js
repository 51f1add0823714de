// The stand-up of one day: shows it, and does what people ask for.

import { call } from './api.js';
import { confirm, ready, toast } from './bridge.js';
import { inWords, shifted, today } from './days.js';
import { at } from './elements.js';
import { showEntries } from './entries.js';
import { editEntry, emptyEntry, entryOf, showSuggestions } from './entry-form.js';

let day = today();
/** The number of the last load: an older one that answers later shows nothing. */
let loads = 0;

async function load() {
  const mine = ++loads;
  showDay();
  try {
    const [{ entries }, { suggestions }, settings] = await Promise.all([
      call('GET', `/entries?day=${day}`),
      call('GET', `/suggestions?day=${day}`),
      call('GET', '/settings'),
    ]);
    if (mine !== loads) return;
    at('problem').hidden = true;
    at('content').hidden = false;
    showEntries(entries, { edit: editEntry, remove });
    showSuggestions(suggestions);
    showSettings(settings);
  } catch (error) {
    if (mine === loads) showProblem(error);
  }
}

function showDay() {
  at('day').value = day;
  at('date').textContent = inWords(day);
  at('unsent').textContent = '';
}

function showProblem(error) {
  at('problem').querySelector('p').textContent = `The stand-up cannot be shown. ${error.message}`;
  at('problem').hidden = false;
}

function showSettings({ team, recipients }) {
  at('team').textContent = team;
  at('recipients').textContent = recipients.length === 0 ? 'Nobody gets it yet' : `To ${people(recipients.length)}`;
  const form = at('settings');
  // What somebody is typing stays.
  if (form.contains(document.activeElement)) return;
  form.team.value = team;
  form.recipients.value = recipients.join('\n');
}

function goTo(other) {
  day = other;
  void load();
}

async function saveEntry() {
  await attempt('refused', async () => {
    await call('POST', '/entries', entryOf(day));
    emptyEntry();
    toast('Your entry is in.');
  });
}

async function remove(entry) {
  const sure = await confirm({
    title: 'Remove an entry',
    message: `Remove what ${entry.author} said?`,
    confirmText: 'Remove',
    variant: 'danger',
  });
  if (!sure) return;
  await attempt('unsent', async () => {
    await call('DELETE', `/entries/${day}/${entry.id}`);
    toast(`The entry of ${entry.author} is gone.`);
  });
  // Its button is gone, and with it the place of whoever uses the keyboard.
  at('said-title').focus();
}

async function sendSummary() {
  const sure = await confirm({
    title: 'Mail the summary',
    message: `Mail what was said on ${inWords(day)}? ${at('recipients').textContent}.`,
    confirmText: 'Send',
  });
  if (!sure) return;
  await attempt('unsent', async () => {
    const { recipients } = await call('POST', `/send?day=${day}`);
    toast(`The summary is on its way to ${people(recipients)}.`);
  });
}

async function saveSettings() {
  const form = at('settings');
  const recipients = form.recipients.value.split('\n').map((line) => line.trim());
  await attempt('unset', async () => {
    await call('PUT', '/settings', { team: form.team.value, recipients: recipients.filter(Boolean) });
    toast('Saved.');
  });
}

/** Does it, says at `place` what went wrong, and shows what is so now. */
async function attempt(place, change) {
  at(place).textContent = '';
  try {
    await change();
    await load();
  } catch (error) {
    at(place).textContent = error.message;
  }
}

function people(count) {
  return count === 1 ? '1 person' : `${count} people`;
}

function onSubmit(id, act) {
  at(id).addEventListener('submit', (event) => {
    event.preventDefault();
    void act();
  });
}

onSubmit('entry', saveEntry);
onSubmit('settings', saveSettings);
at('send').addEventListener('click', sendSummary);
at('problem').querySelector('button').addEventListener('click', load);
at('before').addEventListener('click', () => goTo(shifted(day, -1)));
at('after').addEventListener('click', () => goTo(shifted(day, 1)));
at('now').addEventListener('click', () => goTo(today()));
at('day').addEventListener('change', ({ target }) => {
  if (target.value) goTo(target.value);
});
// Others may have written meanwhile.
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) void load();
});

await load();
ready(document.querySelector('main'));
