// Runs first in a plugin's page and makes it feel at home: what a page on the host's origin would find, stands in.
// Nothing here protects anybody. The page can undo all of it, and then it has an opaque origin and a policy.

import type { PageSettings } from '../protocol.ts';
import { installFetch } from './fetch.ts';
import { openLink } from './link.ts';
import { installParent } from './parent.ts';
import { Requests } from './requests.ts';

const script = document.currentScript;
const settings = JSON.parse(script?.dataset.cloche ?? '') as PageSettings;
script?.remove();

const link = openLink(settings, (message) => {
  if (message.type === 'PING') link.post({ type: 'PONG' });
  requests.hear(message);
  host.hear(message);
});
const requests = new Requests(link, settings);
const host = installParent(link, settings);
installFetch(requests, settings.url);
