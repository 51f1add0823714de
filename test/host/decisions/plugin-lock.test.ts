// The lock of a plugin that reads and writes apart: who waits for it, how long, and who does not. What engines have a say in is
// in two-tabs.test.ts.

import { assert } from 'chai';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { guest } from '../../helpers/guests.ts';
import { closeHosts } from '../../helpers/hosts.ts';
import { windshiftZip } from '../../helpers/windshift.ts';
import { asking, type LockScene, lockScene } from '../plugin-lock.ts';

describe('two tabs', () => {
  describe('the lock of a plugin that reads and writes apart', () => {
    let scene: LockScene;
    beforeEach(async () => {
      scene = await lockScene({ serviceWorker: '/cloche-sw.js' });
    });
    afterEach(closeHosts);

    it('is given up with BUSY when another tab does not let go of it', async () => {
      const { plugin, waiting } = scene;
      await plugin.configure({ limits: { timeoutMs: 100 } });
      const { call, release } = await waiting();
      await rejectsCode('BUSY', call, /in other tabs/);
      release();
      await plugin.configure({ limits: {} });
      assert.equal((await plugin.call('echo', 'y')).text(), 'y');
    });

    it('is not waited for any more when the caller aborts, the settings change, or the plugin is closed', async () => {
      const { plugin, waiting } = scene;
      const controller = new AbortController();
      const aborted = await waiting({ signal: controller.signal });
      controller.abort();
      await rejectsCode('ABORTED', aborted.call);
      aborted.release();
      const changed = await waiting();
      await plugin.configure({ config: { a: 'b' } });
      await rejectsCode('ABORTED', changed.call, /settings/);
      changed.release();
      const closed = await waiting();
      await plugin.close();
      await rejectsCode('CLOSED', closed.call);
      closed.release();
    });

    it('C6: a call that another plugin’s call waits for takes it only where it is free', async () => {
      const { host, plugin, holding } = scene;
      const other = await host.install(await windshiftZip({ name: 'other' }, {}, await asking()), { grant: 'all' });
      scene.answer = () => plugin.call('echo', 'from within');
      const release = await holding();
      assert.equal((await other.call('ask')).text(), '');
      release();
      await other.call('ask');
    });

    it('is not waited for by plugins that keep nothing, or change it in one step', async () => {
      const { host, plugin, holding } = scene;
      const release = await holding();
      const none = await host.open(await guest(), { id: 'none' });
      assert.equal((await none.call('echo', 'x')).text(), 'x');
      await plugin.configure({ grant: 'none' });
      assert.equal((await plugin.call('echo', 'x')).text(), 'x');
      release();
    });

    it('is left out where the page may have no locks', async () => {
      const { plugin, holding } = scene;
      const release = await holding();
      const { request } = LockManager.prototype;
      LockManager.prototype.request = () => Promise.reject(new DOMException('denied', 'SecurityError'));
      try {
        assert.equal((await plugin.call('echo', 'x')).text(), 'x');
      } finally {
        LockManager.prototype.request = request;
        release();
      }
    });
  });
});
