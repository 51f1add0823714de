// <cloche-extension> on a real host: a Windshift package from its zip, with a guest behind its routes.

import { assert } from 'chai';
import '../../../src/elements/extension/extension.ts';
import type { ExtensionHost } from '../../../src/elements/extension/host-like.ts';
import type { Host } from '../../../src/index.ts';
import { closeHosts, makeHost } from '../../helpers/hosts.ts';
import { settled, textOf, until } from '../../helpers/render.ts';
import { board, FILES } from '../board-plugin.ts';
import { extension, frameOf, pageShown, pagesOf, revealed } from '../extension-stand-in.ts';

describe('<cloche-extension> on a real host', () => {
  let host: Host & ExtensionHost;
  beforeEach(async () => {
    host = await makeHost();
  });
  afterEach(closeHosts);

  it('follows install, update, disable, enable and uninstall', async () => {
    const element = await extension(host);
    assert.equal(textOf(element), 'No plugin adds anything here.');
    const plugin = await host.install(await board());
    await until(() => pagesOf(element).length === 1, 'the page');
    const first = frameOf(await revealed(element));
    await plugin.call('handle_request', '{}');
    await settled(element.parentElement ?? document);
    assert.equal(frameOf(pageShown(element)), first);
    await host.install(await board('2.0.0'), { replace: true });
    await until(() => !first?.isConnected, 'the page to be opened anew');
    await revealed(element);
    await plugin.disable();
    await until(() => pagesOf(element).length === 0, 'the page to go');
    await plugin.enable();
    await until(() => pagesOf(element).length === 1, 'the page to come back');
    await plugin.uninstall();
    await until(() => pagesOf(element).length === 0, 'the page to go for good');
  });

  it('says in the log of a plugin what its page was kept from', async () => {
    const { id } = await host.install(await board('1.0.0', { ...FILES, 'app.js': `import 'nowhere';` }));
    const element = await extension(host);
    await until(() => host.logs(id).length > 0, 'a line of the log');
    assert.match(host.logs(id)[0]?.text ?? '', /app\.js imports nowhere, no file of the package$/);
    assert.equal(host.logs(id)[0]?.source, 'host');
    element.remove();
  });

  it('shows nothing of a host that is switched off', async () => {
    await closeHosts();
    const off = await makeHost({ disabled: true });
    assert.equal(textOf(await extension(off)), 'Plugins are switched off here.');
  });
});
