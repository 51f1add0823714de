// The admin page of an app that has plugins, without a build step: makes the host and hands it to the parts of the page.

import { createHost } from '../../../dist/index.js';
import '../../../dist/elements.js';
import { at } from './elements.js';
import { listenForInstall } from './install.js';
import { showItems } from './items.js';
import { pickUser } from './people.js';
import { showPlugins } from './plugins.js';
import { listenForRelay } from './relay.js';
import { followThemeSwitch } from './theme.js';

const pages = document.querySelector('cloche-extension');
/** A change of the relay makes another one; the parts ask for it when they need it. */
let host;

followThemeSwitch();
pages.pickUser = pickUser;
listenForRelay(start);
listenForInstall(() => host);
showItems(() => host);
try {
  await start();
} catch (error) {
  at('failure').textContent = `Plugins cannot be used here. ${error.message}`;
  at('failure').hidden = false;
}

/**
 * @param relay url and headers, or undefined for none
 * @throws where the browser or the page cannot run plugins, or the relay's URL is none
 */
async function start(relay) {
  const next = await createHost({ storage: 'orchard', ...(relay && { relay }) });
  await host?.close();
  host = next;
  // With ?plugins=off in the address a host only lists what is installed.
  at('safe').hidden = !host.disabled;
  at('safe-mode').hidden = host.disabled;
  pages.host = host;
  showPlugins(host);
}
