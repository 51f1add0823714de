// The example plugins, as the playground runs them: built files, their own manifests, the default capabilities.

import { assert } from 'chai';
import { createHost } from '../../src/host/create-host.ts';
import type { Host } from '../../src/host/host.ts';
import type { Plugin } from '../../src/host/plugin.ts';
import { rejectsCode } from '../helpers/expect-code.ts';

const FOLDER = new URL('/plugins/', location.href);

describe('example plugins', () => {
  let host: Host;

  before(async () => {
    host = await createHost({ storage: 'test-examples' });
  });

  after(() => host.close());

  async function open(name: string, options: Parameters<Host['open']>[1] = {}): Promise<Plugin> {
    const manifest: unknown = await (await fetch(new URL(`${name}/manifest.json`, FOLDER))).json();
    const wasm = new URL(`${name}/dist/plugin.wasm`, FOLDER);
    return host.open({ wasm, manifest: manifest as object }, options);
  }

  /** Calls that wait for the page need an engine that can. */
  function needsHostCalls(test: Mocha.Context): void {
    if (host.environment.hostCalls === 'none') test.skip();
  }

  it('are listed for the playground, those that misbehave last', async () => {
    const list = (await (await fetch(new URL('index.json', FOLDER))).json()) as { folder: string; hostile: boolean }[];
    const names = list.map(({ folder, hostile }) => `${folder}${hostile ? ' (hostile)' : ''}`);
    assert.deepEqual(names, [
      'count-vowels',
      'notes',
      'quote',
      'case',
      'checksum',
      'ledger',
      'standup',
      'loop (hostile)',
      'memory-bomb (hostile)',
    ]);
  });

  it('count-vowels counts, keeps a total, reads its config and logs', async () => {
    const plugin = await open('count-vowels');
    const call = async (text: string): Promise<unknown> => (await plugin.call('count_vowels', text)).json();
    assert.deepEqual(await call('Hello, World'), { count: 3, total: 3, vowels: 'aeiouAEIOU' });
    assert.deepEqual(await call('ünïcode'), { count: 2, total: 5, vowels: 'aeiouAEIOU' });
    assert.include(
      host.logs(plugin.id).map(({ text }) => text),
      'counted 3 vowels',
    );
    await plugin.configure({ config: { vowels: 'xyz"' } });
    assert.deepEqual(await call('"lazy"'), { count: 4, total: 4, vowels: 'xyz"' });
    await plugin.close();
  });

  it('M14: notes, whose PDK does not look whether it got its memory, stores no empty note', async function () {
    needsHostCalls(this);
    const plugin = await open('notes', { limits: { exchangeBytes: 65_536 } });
    await plugin.call('clear');
    await plugin.call('add', 'Water');
    await rejectsCode('OUT_OF_MEMORY', plugin.call('add', 'x'.repeat(65_536)), /`exchangeBytes`/);
    assert.deepEqual((await plugin.call('list')).json(), [{ id: '1', text: 'Water' }]);
    await plugin.close();
  });

  it('notes keeps notes over a reset, and removes them', async function () {
    needsHostCalls(this);
    const plugin = await open('notes');
    const call = async (name: string, input = ''): Promise<unknown> => (await plugin.call(name, input)).json();
    await call('clear');
    assert.deepEqual(await call('add', 'Säen "früh"\n'), { id: '1', text: 'Säen "früh"' });
    await plugin.reset();
    assert.deepEqual(await call('add', 'Water'), { id: '2', text: 'Water' });
    assert.deepEqual(await call('list'), [
      { id: '1', text: 'Säen "früh"' },
      { id: '2', text: 'Water' },
    ]);
    assert.deepEqual(await call('remove', '1'), { removed: 1 });
    assert.deepEqual(await call('remove', '1'), { removed: 0 });
    assert.deepEqual(await call('clear'), { removed: 1 });
    assert.deepEqual(await call('list'), []);
    await rejectsCode('PLUGIN_ERROR', plugin.call('add', ' '), /some text/);
    await plugin.close();
  });

  it('quote fetches from the one origin that it was granted', async function () {
    needsHostCalls(this);
    const url = new URL('quote/quotes.json', FOLDER);
    const plugin = await open('quote', {
      grant: { http: { allow: [url.origin] } },
      config: { url: url.href },
    });
    const call = async (input: string): Promise<unknown> => (await plugin.call('quote', input)).json();
    assert.deepInclude(await call('greenhouse'), { author: 'William Cowper' });
    assert.deepInclude(await call(''), { author: 'William Cowper' });
    assert.deepInclude(await call(''), { author: 'Voltaire' });
    await rejectsCode('PLUGIN_ERROR', plugin.call('quote', 'cactus'), /cactus/);
    await plugin.close();
  });

  it('quote gets nothing by its manifest alone', async function () {
    needsHostCalls(this);
    const url = new URL('quote/quotes.json', FOLDER);
    const plugin = await open('quote', { config: { url: url.href } });
    await rejectsCode('PERMISSION_DENIED', plugin.call('quote', ''));
    await plugin.close();
  });

  it('loop is killed at its deadline and answers afterwards', async () => {
    const plugin = await open('loop');
    await rejectsCode('TIMEOUT', plugin.call('run', '', { timeoutMs: 200 }));
    assert.equal((await plugin.call('hello')).text(), 'Hello from a fresh instance.');
    await plugin.close();
  });

  it('memory-bomb meets its limit exactly, traps, and answers afterwards', async () => {
    const plugin = await open('memory-bomb', { limits: { memoryBytes: 8 << 20 } });
    assert.equal((await plugin.call('run')).text(), '8 MiB, then it was refused.');
    await rejectsCode('OUT_OF_MEMORY', plugin.call('bomb'), /`memoryBytes` limits to 8388608/);
    assert.equal((await plugin.call('hello')).text(), 'Hello from a small instance.');
    await plugin.close();
  });
});
