// Runs first in a plugin's page and makes it feel at home: what a page on the host's origin would find, stands in.
// Nothing here protects anybody. The page can undo all of it, and then it has an opaque origin and a policy.

import { AssetFinder } from '../asset-finder.ts';
import type { PageSettings } from '../page-protocol.ts';
import { installAnchors } from './anchors.ts';
import { installCspReport } from './csp-report.ts';
import { installDialogs } from './dialogs.ts';
import { Files } from './files.ts';
import { openHostChannel } from './host-channel.ts';
import { installHelper, installHistory, locationStandIn } from './location.ts';
import { installLook } from './look.ts';
import { installFetch } from './page-fetch.ts';
import { Requests } from './request-client.ts';
import { installStorage } from './storage.ts';
import { VirtualHistory } from './virtual-history.ts';
import { installParent } from './window-parent.ts';
import { installXhr } from './xhr.ts';

const script = document.currentScript;
const settings = JSON.parse(script?.dataset.cloche ?? '') as PageSettings;
script?.remove();

const channel = openHostChannel(settings, (message) => {
  if (message.type === 'PING') channel.post({ type: 'PONG' });
  requests.hear(message);
  host.hear(message);
});
const finder = new AssetFinder(settings.root, settings.assets);
const requests = new Requests(channel, settings);
const virtualHistory = new VirtualHistory(settings, finder, channel);
const location = locationStandIn(virtualHistory, settings.origin);
const host = installParent(channel, settings);

installCspReport(channel, finder);
installHelper(location, virtualHistory, finder);
installHistory(virtualHistory);
installStorage();
installLook(channel);
installFetch(requests, settings.base);
installXhr(requests, settings.base);
installDialogs(channel, settings);
installAnchors(virtualHistory, channel);
new Files(requests, finder, settings).install();
