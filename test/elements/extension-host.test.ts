// <cloche-extension> on a real host: a Windshift package from its zip, with a guest behind its routes.

import { assert } from 'chai';
import '../../src/elements/extension/extension.ts';
import type { ExtensionHost } from '../../src/elements/extension/host-like.ts';
import type { Host } from '../../src/index.ts';
import { closeHosts, makeHost } from '../helpers/hosts.ts';
import { board } from './board-plugin.ts';
import { extension, frameOf, heardBy, revealed } from './extension-stand-in.ts';

describe('<cloche-extension> on a real host', () => {
  let host: Host & ExtensionHost;
  beforeEach(async () => {
    host = await makeHost();
  });
  afterEach(closeHosts);

  it('shows the page of a plugin, whose routes answer it', async () => {
    await host.install(await board());
    const element = await extension(host);
    const heard = heardBy(element);
    const page = await revealed(element);
    assert.deepEqual(
      heard.map((message) => ({ ...message })),
      [{ tasks: 3 }, { tasks: 3 }] as never,
    );
    assert.equal(frameOf(page)?.getAttribute('sandbox'), 'allow-scripts allow-forms allow-modals');
  });
});
