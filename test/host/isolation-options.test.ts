// Where plugins live: what `isolation` and `requireOwnProcess` ask for, and what `host.environment` says of it. What of it is kept
// and refused is in decisions/isolation-options.test.ts.

import { assert } from 'chai';
import type { Host, HostOptions, InstallOptions } from '../../src/index.ts';
import { engine } from '../helpers/engine.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { guest } from '../helpers/guests.ts';
import { closeHosts, existing, makeHost } from '../helpers/hosts.ts';
import { frames } from './plugin-frames.ts';

afterEach(closeHosts);

async function opened(options: HostOptions, install?: InstallOptions): Promise<Host> {
  const host = await makeHost(options);
  const plugin = await host.open(await guest(), { id: 'p', ...install });
  assert.equal((await plugin.call('echo', 'hello')).text(), 'hello');
  return host;
}

describe('a host', () => {
  it('has its plugins in a cell with `process`', async () => {
    const { environment } = await opened({ isolation: 'process' });
    assert.deepEqual(frames(), ['cell']);
    assert.deepInclude(environment, { isolation: 'opaque-origin', mode: 'process' });
    assert.match(environment.reason, /They live in a cell, as was asked for\.$/);
  });

  it('has its plugins in a compartment with `origin`, in the page’s process', async () => {
    const { environment } = await opened({ isolation: 'origin' });
    assert.deepEqual(frames(), ['compartment']);
    assert.deepInclude(environment, { isolation: 'opaque-origin', mode: 'origin', process: 'shared' });
    assert.match(environment.reason, /They live in a compartment, as was asked for\.$/);
  });

  it('takes what the engine makes of it with `auto`', async () => {
    const { environment } = await opened({});
    const mode = engine.framesApart ? 'process' : 'origin';
    assert.equal(environment.mode, mode);
    assert.deepEqual(frames(), [mode === 'process' ? 'cell' : 'compartment']);
    assert.match(environment.reason, /They live in a (cell|compartment), as the engine (may give|gives)/);
  });

  it('opens what it needs before it is there, and nothing is left of it when it is closed', async () => {
    const host = await makeHost({ isolation: 'origin' });
    assert.deepEqual(frames(), ['compartment']);
    await host.close();
    assert.isEmpty(frames());
  });

  it('has no worker of the page’s origin where isolation was asked for', async () => {
    for (const isolation of ['origin', 'process'] as const) {
      const host = await makeHost({ isolation, hostCalls: 'service-worker', serviceWorker: '/cloche-sw.js' });
      assert.deepInclude(host.environment, { hostCalls: 'none', isolation: 'opaque-origin', mode: isolation });
      assert.match(host.environment.reason, /^`isolation` forbids workers of the page’s own origin/);
    }
  });
});

describe('a plugin', () => {
  it('has the isolation that it was installed with, beside others on the same host', async () => {
    const host = await opened({ isolation: 'origin' });
    const stranger = await host.open(await guest(), { id: 'stranger', isolation: 'process' });
    assert.deepEqual(frames(), ['cell', 'compartment']);
    assert.equal(stranger.isolation, 'process');
    const texts = [host.get('p'), stranger].map(async (plugin) => (await existing(plugin).call('echo', 'x')).text());
    assert.deepEqual(await Promise.all(texts), ['x', 'x']);
    assert.equal(host.environment.mode, 'origin');
  });
});

describe('`requireOwnProcess`', () => {
  if (engine.framesApart) {
    it('of a host holds for all of its plugins, whatever they ask for', async () => {
      const host = await opened({ requireOwnProcess: true }, { isolation: 'origin' });
      assert.deepEqual(frames(), ['cell']);
      assert.deepInclude(host.environment, { mode: 'process', process: 'own' });
    });

    it('of a plugin gives it a cell', async () => {
      const host = await opened({ isolation: 'origin' }, { requireOwnProcess: true });
      assert.equal(existing(host.get('p')).isolation, 'own-process');
      assert.deepEqual(frames(), ['cell', 'compartment']);
    });
    return;
  }

  it('rejects the host where the engine gives none, and leaves no frame', async () => {
    const host = makeHost({ requireOwnProcess: true });
    await rejectsCode('ISOLATION_UNAVAILABLE', host, /this engine gives a sandboxed frame none/);
    assert.isEmpty(frames());
  });

  it('refuses the plugin where the engine gives none, and nothing is installed', async () => {
    const host = await makeHost();
    const install = host.install(await guest(), { id: 'p', requireOwnProcess: true });
    await rejectsCode('ISOLATION_UNAVAILABLE', install, /"p".*requireOwnProcess/);
    assert.isUndefined(host.get('p'));
  });
});
