// Where plugins live: what `isolation` and `requireOwnProcess` ask for, and what `host.environment` says of it.

import { assert } from 'chai';
import type { Host, HostOptions, InstallOptions } from '../../src/index.ts';
import { isSame } from '../../src/util/same-data.ts';
import { engine } from '../helpers/engine.ts';
import { rejectsCode } from '../helpers/expect-code.ts';
import { guest } from '../helpers/guests.ts';
import { closeHosts, eventually, existing, makeHost, uniqueStorage } from '../helpers/hosts.ts';

afterEach(closeHosts);

/** Frames of plugins, by kind. */
function frames(): string[] {
  const found = [...document.querySelectorAll<HTMLIFrameElement>('iframe[title="Cloche"]')];
  return found.map((frame) => (frame.hasAttribute('sandbox') ? 'cell' : 'compartment')).sort();
}

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

  it('leaves no frame where its registry cannot be opened', async () => {
    const { open } = IDBFactory.prototype;
    IDBFactory.prototype.open = () => {
      throw new Error('broken');
    };
    try {
      await rejectsCode('STORAGE_FAILED', makeHost({ isolation: 'origin' }));
    } finally {
      IDBFactory.prototype.open = open;
    }
    assert.isEmpty(frames());
  });

  it('refuses other words, and says which were meant', async () => {
    await rejectsCode(
      'OPTION_INVALID',
      makeHost({ isolation: 'proces' as 'process' }),
      /`isolation` to be one of auto, origin, process, got "proces". Did you mean `process`\?$/,
    );
    await rejectsCode('OPTION_INVALID', makeHost({ requireOwnProcess: 'yes' as unknown as boolean }));
    await rejectsCode('OPTION_INVALID', makeHost({ requireOwnProcess: true, isolation: 'origin' }), /cannot go with/);
    const host = await makeHost();
    await rejectsCode('OPTION_INVALID', host.open(await guest(), { isolation: 'cell' as 'process' }));
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
    // Each has a spare of its own.
    await eventually(async () => isSame(await host.population(), { plugins: 2, spares: 4 }), 'both');
    assert.equal(host.environment.mode, 'origin');
  });

  it('keeps it when the page is opened again, and through an update that does not name it', async () => {
    const storage = uniqueStorage();
    const first = await makeHost({ storage, isolation: 'origin' });
    await first.install(await guest(), { id: 'stranger', isolation: 'process' });
    await first.close();
    const host = await makeHost({ storage, isolation: 'origin' });
    const plugin = existing(host.get('stranger'));
    assert.equal(plugin.isolation, 'process');
    await plugin.call('echo', 'x');
    assert.deepEqual(frames(), ['cell', 'compartment']);
    await host.install(await guest(), { id: 'stranger', replace: 'keep' });
    assert.equal(plugin.isolation, 'process');
    await host.install(await guest(), { id: 'stranger', replace: 'keep', isolation: 'origin' });
    assert.equal(plugin.isolation, 'origin');
    await plugin.call('echo', 'x');
  });

  it('gets what an update names that waits for a yes, with the yes', async () => {
    const host = await makeHost({ isolation: 'origin' });
    const wasm = await guest();
    const source = (permissions: object) => ({ wasm, manifest: { cloche: 1, id: 'p', name: 'P', permissions } });
    const plugin = await host.install(source({}));
    await host.install(source({ kv: true }), { replace: 'keep', isolation: 'process' });
    assert.equal(plugin.isolation, 'auto');
    await plugin.accept(plugin.pending?.sha256 ?? assert.fail('no update waits'));
    assert.equal(plugin.isolation, 'process');
  });

  it('lives where its host says, unless it asks', async () => {
    const host = await opened({ isolation: 'process' }, { isolation: 'auto' });
    assert.deepEqual(frames(), ['cell']);
    assert.equal(existing(host.get('p')).isolation, 'auto');
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
