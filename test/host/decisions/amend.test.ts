// What a person who watches a plugin is told of its host calls, and how exactly what was denied is allowed.

import { assert } from 'chai';
import {
  defaultCapabilities,
  defineCapability,
  type HostCallContent,
  type HostOptions,
  type Plugin,
} from '../../../src/index.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { guest } from '../../helpers/guests.ts';
import { closeHosts, makeHost, uniqueStorage } from '../../helpers/hosts.ts';

afterEach(closeHosts);

const SECRET = 'sk-0123456789';
const echo = defineCapability({
  name: 'echo',
  functions: { echo_back: { params: ['bytes'], result: 'bytes', call: ([bytes]) => bytes } },
});
const manifest = {
  cloche: 1,
  id: 'p',
  permissions: { echo: true, kv: { optional: true } },
  configSchema: { type: 'object', properties: { token: { type: 'string', writeOnly: true } } },
};
const source = async () => ({
  wasm: await guest(
    `(func (export "run") (result i32)
       (call $put (call $echo_back (call $copied))) (i32.const 0))
     (func $copied (result i64) (local $block i64) (local $at i64)
       (local.set $block (call $alloc (call $input_length)))
       (block $end (loop $next
         (br_if $end (i64.ge_u (local.get $at) (call $input_length)))
         (call $store_u8 (i64.add (local.get $block) (local.get $at))
           (call $input_u8 (local.get $at)))
         (local.set $at (i64.add (local.get $at) (i64.const 1)))
         (br $next)))
       (local.get $block))`,
    `(import "extism:host/user" "echo_back" (func $echo_back (param i64) (result i64)))
     (import "extism:host/env" "input_load_u8" (func $input_u8 (param i64) (result i32)))`,
  ),
  manifest,
});

async function watched(options: HostOptions = {}) {
  const capabilities = [...defaultCapabilities(), echo];
  const host = await makeHost({ capabilities, serviceWorker: '/cloche-sw.js', ...options });
  const told: { content: HostCallContent | undefined; needs: unknown }[] = [];
  host.addEventListener('hostcall', (event) => {
    told.push({ content: event.content?.(), needs: event.record.needs });
  });
  return { host, told, plugin: await host.install(await source()) };
}

const textOf = ([value]: readonly unknown[] = []): string => new TextDecoder().decode(value as Uint8Array);

describe('a host call', () => {
  it('tells what it has carried, cut, and with a handle in the place of a secret', async () => {
    const { told, plugin } = await watched();
    await plugin.configure({ config: { token: SECRET } });
    await plugin.call('run', `${'x'.repeat(10)}${SECRET}`);
    await plugin.call('run', 'y'.repeat(20_000));
    assert.equal(textOf(told[0]?.content?.sent), 'xxxxxxxxxx{{secret:token}}');
    assert.equal(textOf(told[0]?.content?.answered), 'xxxxxxxxxx{{secret:token}}');
    assert.equal(textOf(told[1]?.content?.sent), 'y'.repeat(16_384));
  });

  it('shows no piece of a secret that lies across the end of what is looked at', async () => {
    const { told, plugin } = await watched();
    const secret = 'sk'.repeat(2_048);
    await plugin.configure({ config: { token: secret } });
    await plugin.call('run', `${secret}${secret}${'x'.repeat(13_000)}${secret}${'y'.repeat(20_000)}`);
    const sent = textOf(told[0]?.content?.sent);
    assert.isTrue(sent.includes('{{secret:token}}xxx'));
    assert.isFalse(sent.includes('sk'));
  });

  it('tells nothing of that to whoever may not read logs', async () => {
    const { host, told, plugin } = await watched({ trust: { can: { logs: false } } });
    await plugin.call('run', 'x');
    assert.deepEqual([host.may('logs'), host.may('grant')], [false, true]);
    assert.deepEqual(told, [{ content: undefined, needs: undefined }]);
  });

  it('that was denied is allowed by what it needs, and nothing else is changed', async () => {
    const { told, plugin } = await watched();
    await plugin.amend({ echo: false });
    assert.deepEqual([...plugin.grants.keys()].sort(), ['log']);
    await rejectsCode('PERMISSION_DENIED', plugin.call('run', 'x'));
    assert.deepEqual(told[0]?.needs, { echo: true });
    await plugin.amend({ echo: true });
    assert.equal((await plugin.call('run', 'x')).text(), 'x');
    await rejectsCode('OPTION_INVALID', plugin.amend({ nothing: true }));
  });

  it('keeps each of two changes that are made at once, in one tab or in two', async () => {
    const storage = uniqueStorage();
    const { host, plugin } = await watched({ storage });
    await Promise.all([plugin.amend({ echo: false }), plugin.amend({ kv: true })]);
    assert.deepEqual([...plugin.grants.keys()].sort(), ['kv', 'log']);
    const other = await watchedAgain(storage);
    await Promise.all([plugin.amend({ echo: true }), other.amend({ kv: false })]);
    const { grants } = await watchedAgain(storage);
    assert.deepEqual([...grants.keys()].sort(), ['echo', 'log']);
    await host.close();
  });
});

/** As another tab has it. */
async function watchedAgain(storage: string): Promise<Plugin> {
  const host = await makeHost({ storage, capabilities: [...defaultCapabilities(), echo] });
  const plugin = host.get('p');
  assert.ok(plugin);
  return plugin;
}
