// What the seam can say, line by line, by a dialect that no other file knows.

import { assert } from 'chai';
import { defaultDialects, defineCapability, type Host, kv, log } from '../../../src/index.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { closeHosts, existing, makeHost, uniqueStorage } from '../../helpers/hosts.ts';
import { fake, fakeWithArguments } from './fake-dialect.ts';

const commands = () => defineCapability({ name: 'commands', functions: {} });

/** Tells its id, gives back its input, and hands it to each of the host's functions. */
const TEXT = `(;fake;)(module
  (import "extism:host/env" "input_offset" (func $offset (result i64)))
  (import "extism:host/env" "input_length" (func $length (result i64)))
  (import "extism:host/env" "output_set" (func $output (param i64 i64)))
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "store_u64" (func $store (param i64 i64)))
  (import "extism:host/user" "define_command" (func $define (param i64)))
  (import "fake:store" "remember" (func $remember (param i64) (result i32)))
  (func (export "who") (result i32) (local $at i64)
    (local.set $at (call $alloc (i64.const 8)))
    (call $store (local.get $at) (i64.const 0x796c6c6165722d69))
    (call $output (local.get $at) (i64.const 8)) (i32.const 0))
  (func (export "echo") (result i32) (call $output (call $offset) (call $length)) (i32.const 0))
  (func (export "define") (result i32) (call $define (call $offset)) (i32.const 0))
  (func (export "remember") (result i32) (i32.eqz (call $remember (call $offset)))))`;

const ID = 'i-really';

async function fakeHost(storage = uniqueStorage(), dialect = fake): Promise<Host> {
  return makeHost({
    storage,
    serviceWorker: '/cloche-sw.js',
    dialects: [...(await defaultDialects()), dialect],
    capabilities: [log(), kv({ storage }), commands()],
    extensionPoints: { command: {} },
  });
}

const source = () => new Blob([TEXT]);
const commandsOf = (host: Host) => host.extensions('command').map(({ id, plugin }) => `${plugin}.${id}`);

describe('a dialect that a host was given', () => {
  afterEach(closeHosts);

  it('reads text of its own, which is assembled where nobody knows it, and hands over the bytes', async () => {
    await rejectsCode('IMPORT_MISSING', (await makeHost()).open(source()), /extism:host\/user/);
    const plugin = await (await fakeHost()).open(source());
    assert.equal(plugin.manifest.dialect, 'fake');
    assert.equal((await plugin.call('echo', 'a')).text(), 'a');
  });

  it('learns an id that only the started plugin tells, which stays the same', async () => {
    const host = await fakeHost();
    const plugin = await host.install(source());
    assert.deepEqual([plugin.id, plugin.manifest.version], [ID, 'told']);
    assert.equal(host.get(ID), plugin);
    await rejectsCode('ALREADY_INSTALLED', host.install(source()));
    assert.equal(await host.install(source(), { replace: true }), plugin);
    assert.lengthOf(host.plugins, 1);
  });

  it('has the id that whoever installs it gives', async () => {
    assert.equal((await (await fakeHost()).open(source(), { id: 'mine' })).id, 'mine');
  });

  it('registers commands while it runs, which go with its worker', async () => {
    const host = await fakeHost();
    const plugin = await host.open(source());
    assert.deepEqual(commandsOf(host), []);
    await plugin.call('define', 'set');
    await plugin.call('define', 'list');
    assert.deepEqual(commandsOf(host), [`${ID}.list`, `${ID}.set`]);
    await plugin.reset();
    assert.deepEqual(commandsOf(host), []);
  });

  it('asks by imports, and its functions belong to capabilities', async () => {
    const host = await fakeHost();
    const plugin = await host.open(source());
    assert.deepEqual([...plugin.grants.keys()].sort(), ['commands', 'kv', 'log']);
    await plugin.call('remember', 'this');
    await plugin.configure({ grant: { kv: false } });
    const denied = await plugin.call('remember', 'that').catch((thrown: unknown) => thrown);
    assert.propertyVal(denied, 'code', 'PERMISSION_DENIED');
  });

  it('says how much of WASI a guest finds', async () => {
    const host = await fakeHost();
    const importing = TEXT.replace(
      '(module',
      '(module (import "wasi_snapshot_preview1" "sched_yield" (func (result i32)))',
    );
    await rejectsCode('IMPORT_MISSING', host.open(new Blob([importing])), /sched_yield/);
  });

  it('has a form of its own for routes, and paths of its own', async () => {
    const host = await fakeHost();
    await host.open(source());
    const route = await host.fetch(`/api/plugins/${ID}/run`, { method: 'POST', body: 'x' });
    assert.equal(await route.text(), '<x>');
    assert.deepEqual(await (await host.fetch('/fake/plugins')).json(), [ID]);
    assert.equal((await host.fetch('/fakery')).status, 404);
    assert.equal(await (await existing(host.get(ID)).fetch('/anything')).text(), 'page');
  });

  it('hands events on as its handlers know them', async () => {
    const host = await fakeHost();
    const heard: string[] = [];
    const plugin = await host.open(source());
    const call = plugin.call.bind(plugin);
    plugin.call = (name, input, options) => {
      heard.push(`${name} ${input}`);
      return call(name, input, options);
    };
    const [delivery] = await host.emit('saved', { item: 1 });
    assert.isTrue(delivery?.ok);
    assert.deepEqual(heard, [`echo ${ID}: saved {"item":1}`]);
  });

  it('calls routes and handlers with arguments, and reads results, where its exports have them', async () => {
    const host = await fakeHost(uniqueStorage(), fakeWithArguments);
    const plugin = await host.open(source());
    const heard: unknown[] = [];
    plugin.callWith = async (name, args) => {
      heard.push([name, ...args]);
      return [args.length];
    };
    const [delivery] = await host.emit('saved', { item: 1 });
    assert.isTrue(delivery?.ok);
    const route = await host.fetch(`/api/plugins/${plugin.id}/run`, { method: 'POST', body: 'x' });
    assert.equal(await route.text(), '<1>');
    assert.deepEqual(heard, [
      ['echo', 5, 1n],
      ['echo', 4],
    ]);
  });

  it('asks with arguments, which the ABI of its guests may refuse: then the plugin has said nothing', async () => {
    const host = await fakeHost(uniqueStorage(), fakeWithArguments);
    const plugin = await host.open(source());
    assert.equal(plugin.id, 'silent');
    await rejectsCode('EXPORT_INVALID', plugin.callWith('who', [1, 2n]), /arguments/);
    assert.include(
      host
        .logs(plugin.id)
        .map(({ text }) => text)
        .join(),
      '`who` failed',
    );
  });

  it('has words of its own for its pages', async () => {
    const protocol = await (await (await fakeHost()).open(source())).pageProtocol();
    assert.deepEqual(protocol?.read('up'), { type: 'ready' });
    assert.isUndefined(protocol?.read({ type: 'plugin:ready' }));
    assert.deepEqual(protocol?.write({ type: 'user', user: {} }), { fake: 'user' });
  });

  it('is missed by a host without it, which keeps what it has installed and says so', async () => {
    const storage = uniqueStorage();
    const before = await fakeHost(storage);
    await before.install(source());
    await before.close();
    const without = await makeHost({ storage });
    assert.isEmpty(without.plugins);
    const [{ id, error } = { id: '', error: undefined }] = without.unreadable;
    assert.equal(id, ID);
    assert.match(error?.message ?? '', /dialect `fake` do not run here/);
    await without.close();
    const again = await fakeHost(storage);
    assert.equal((await existing(again.get(ID)).call('echo', 'kept')).text(), 'kept');
  });

  it('is refused where it is no dialect, or another has its name', async () => {
    for (const dialects of [{}, [{}], [fake, fake], [{ ...fake, name: 'Not a name' }]]) {
      await rejectsCode('OPTION_INVALID', makeHost({ dialects: dialects as never }), /dialects/);
    }
  });
});
