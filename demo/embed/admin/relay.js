// Which relay does what only a server can do. URL and token are in this page's memory and nowhere else.

import { at } from './elements.js';

/** @param use makes a host with the relay it is given, or without one for undefined */
export function listenForRelay(use) {
  const form = at('relay');
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const url = form.url.value.trim().replace(/\/$/, '');
    const token = form.token.value;
    try {
      await use({ url, headers: () => ({ Authorization: `Bearer ${token}` }) });
      await check(url);
    } catch (error) {
      say(error.message);
    }
  });
  form.addEventListener('reset', async () => {
    await use(undefined);
    say('None is in use.');
  });
}

async function check(url) {
  try {
    const response = await fetch(`${url}/v1/health`);
    if (!response.ok) throw new Error(`status ${response.status}`);
    const { functions } = await response.json();
    say(`It answers, and does ${functions.join(', ')}.`);
  } catch (error) {
    say(`It does not answer at ${url}: ${error.message}`);
  }
}

function say(text) {
  at('relay-state').textContent = text;
}
