// Where plugins live: what hosts refuse, keep and update of `isolation` and `requireOwnProcess`.

import { assert } from 'chai';
import { isSame } from '../../../src/util/same-data.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { guest } from '../../helpers/guests.ts';
import { closeHosts, eventually, existing, makeHost, uniqueStorage } from '../../helpers/hosts.ts';
import { frames } from '../plugin-frames.ts';

afterEach(closeHosts);

describe('a host', () => {
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
});

describe('a plugin', () => {
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
    // Each kind has spares of its own: two beside a plugin, and one where there is none.
    await eventually(async () => isSame(await host.population(), { plugins: 1, spares: 3 }), 'both');
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
    const host = await makeHost({ isolation: 'process' });
    const plugin = await host.open(await guest(), { id: 'p', isolation: 'auto' });
    assert.equal((await plugin.call('echo', 'hello')).text(), 'hello');
    assert.deepEqual(frames(), ['cell']);
    assert.equal(plugin.isolation, 'auto');
  });
});
