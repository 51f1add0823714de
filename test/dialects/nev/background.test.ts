// A second instance of a plugin, in a worker of its own. The plugin is in C: where no compiler for that is, these tests are left out.

import { assert } from 'chai';
import { defaultCapabilities, type Host, type HostOptions, nevCapabilities } from '../../../src/index.ts';
import { builtNative } from '../../helpers/built-plugin.ts';
import { closeHosts, eventually, killsOf, makeHost, uniqueStorage } from '../../helpers/hosts.ts';

let wasm: Uint8Array<ArrayBuffer> | undefined;

before(async function () {
  wasm = await builtNative('nev-background');
  if (wasm) return;
  console.warn('Left out, as neither clang with wasm-ld nor zig is here: instances of Nev in the background');
  this.skip();
});

afterEach(closeHosts);

async function hostWithPlugin(options: HostOptions = {}): Promise<Host> {
  const storage = uniqueStorage();
  const nev = await nevCapabilities({ interfaces: { 'text-editor': { 'get-revision': () => 7 } } });
  const capabilities = [...defaultCapabilities({ storage }), ...nev];
  const host = await makeHost({ storage, serviceWorker: '/cloche-sw.js', capabilities, ...options });
  await host.install({
    wasm: wasm as Uint8Array<ArrayBuffer>,
    manifest: '{ "name": "twice", "wasm": "twice.m.wasm" }',
  });
  return host;
}

describe('an instance in the background', () => {
  it('gets its arguments, and shares channels, buffers and ropes with the first until it has done its work', async () => {
    const host = await hostWithPlugin();
    assert.equal(await host.run('twice.spawn', 'work;'), 'words');
    const heard = (): Promise<string> => host.run('twice.heard');
    await eventually(async () => (await heard()).includes('slept'), 'what it has to say', 15_000);
    const said = await heard();
    for (const part of ['work;', 'é;', 'slept;', 'written;']) assert.include(said, part);
    await host.run('twice.tell', 'ping');
    await eventually(async () => (await heard()).includes('ping'), 'its echo');
    await host.run('twice.tell', 'end');
    await eventually(async () => (await heard()).includes('closed'), 'its end');
    assert.equal(host.get('twice')?.state, 'running');
  });

  it('that traps at its start is logged, and leaves the first alone', async () => {
    const host = await hostWithPlugin();
    await host.run('twice.spawn', 'fail');
    const logs = (): string =>
      host
        .logs()
        .map(({ text }) => text)
        .join('\n');
    await eventually(() => logs().includes('did not start'), 'a line of its log', 15_000);
    assert.equal(await host.run('twice.heard'), '');
    assert.equal(host.get('twice')?.state, 'running');
  });

  it('C11: that computes for too long is killed, and with it the first', async () => {
    const host = await hostWithPlugin({ limits: { timeoutMs: 400 } });
    const kills = killsOf(host);
    await host.run('twice.spawn', 'work;');
    await eventually(async () => (await host.run('twice.heard')).includes('slept'), 'its start', 15_000);
    await host.run('twice.tell', 'spin');
    await eventually(() => kills.length > 0, 'the kill', 5_000);
    assert.deepEqual(
      kills.map(({ code, exportName }) => [code, exportName]),
      [['TIMEOUT', 'handle_channel_update']],
    );
    assert.equal(host.get('twice')?.state, 'asleep');
  });

  it('has no memory that the first has, and gives way where that grows', async () => {
    const host = await hostWithPlugin({ limits: { memoryBytes: 1 << 17 } });
    await host.run('twice.spawn', 'work;');
    const logs = (): string =>
      host
        .logs()
        .map(({ text }) => text)
        .join('\n');
    await eventually(() => /did not start: .*memory/.test(logs()), 'the refusal', 15_000);
  });
});
