// Files of a plugin, which the page keeps. How far they go is in decisions/wasi-files.test.ts.

import { assert } from 'chai';
import { closeHosts, existing, makeHost, uniqueStorage } from '../helpers/hosts.ts';
import { ENOENT, OK, read, run, source, TEXT, write } from './wasi-files.plugin.ts';

afterEach(closeHosts);

/** A guest that waits, and one that cannot. */
for (const hostCalls of ['auto', 'none'] as const) {
  describe(`files of a plugin with host calls ${hostCalls}`, () => {
    it('are kept by the page for the next instance and the next host, and go with the plugin', async () => {
      const storage = uniqueStorage();
      const options = { storage, hostCalls, serviceWorker: '/cloche-sw.js' };
      const host = await makeHost(options);
      const plugin = await host.install(await source());
      assert.equal((await run(plugin, 'path_create_directory', [3, TEXT, 1], 'd')).errno, OK);
      assert.equal(await write(plugin, 'd/a', 'kept'), OK);
      assert.equal(await read(plugin, 'd/a'), 'kept');
      await plugin.reset();
      assert.equal(await read(plugin, 'd/a'), 'kept');
      await host.close();
      const next = await makeHost(options);
      const again = existing(next.get('p'));
      assert.equal(await read(again, 'd/a'), 'kept');
      await again.uninstall({ wipe: true });
      const fresh = await next.install(await source());
      assert.equal(await read(fresh, 'd/a'), `errno ${ENOENT}`);
    });
  });
}
