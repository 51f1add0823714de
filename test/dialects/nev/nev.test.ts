// Plugins of Nev on a host: loaded, run, refused. What their values look like in memory is tested without an engine; what engines do
// with such a guest, in native.test.ts.

import { assert } from 'chai';
import {
  defaultCapabilities,
  type Host,
  type HostOptions,
  type NevOptions,
  nevCapabilities,
} from '../../../src/index.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { closeHosts, eventually, makeHost, uniqueStorage } from '../../helpers/hosts.ts';
import { wat } from '../../helpers/wat.ts';
import { DEFINE_COMMAND, define, ECHO, nevGuest, RUN_COMMAND, runGuest } from './nev-guest.ts';
import { logsOf, textOf, utf8 } from './texts.ts';

afterEach(closeHosts);

async function nevHost(options: NevOptions = {}, rest: HostOptions = {}): Promise<Host> {
  const storage = uniqueStorage();
  const capabilities = [...defaultCapabilities({ storage }), ...(await nevCapabilities(options))];
  return makeHost({ storage, serviceWorker: '/cloche-sw.js', capabilities, ...rest });
}

/** A manifest as Nev's authors write it. */
function manifest(fields = ''): string {
  return `{ // an example
    "name": "example", "version": "0.0.1", "wasm": "example.m.wasm",
    "commands": { "echo": { "returnType": "string" }, },
    "permissions": { "commands": { "allow": ["shout"] } },
    ${fields} }`;
}

const DATA = '(data (i32.const 0) "echoshout")';
const ECHO_GUEST = { body: `${DEFINE_COMMAND} ${DATA} ${ECHO}`, init: define(0, 4, 7) };

describe('a plugin of Nev', () => {
  it('is loaded for a command of its manifest, which it has defined by then', async () => {
    const host = await nevHost();
    const plugin = await host.install({ wasm: await nevGuest(ECHO_GUEST), manifest: manifest() });
    await plugin.reset();
    assert.equal(plugin.state, 'asleep');
    assert.deepEqual(
      host.commands.map(({ name, returnType }) => [name, returnType]),
      [['example.echo', 'string']],
    );
    assert.equal(await host.run('example.echo', '1 "two" {"three":3}'), '1 "two" {"three":3}');
    assert.equal(plugin.state, 'running');
    await rejectsCode('COMMAND_MISSING', host.run('example.none'), /example\.none/);
  });

  it('that gives nothing by its manifest is not waited for when it has to be loaded, unless that is asked for', async () => {
    const host = await nevHost();
    const guest = { ...ECHO_GUEST, init: define(0, 4, 7) };
    const text = manifest().replace('"returnType": "string"', '');
    const plugin = await host.install({ wasm: await nevGuest(guest), manifest: text });
    await plugin.reset();
    assert.equal(await host.run('example.echo', '1', { load: 'dont-run' }), '');
    assert.equal(await host.run('example.echo', '2'), '2');
    await plugin.reset();
    assert.equal(await host.run('example.echo', '3'), '');
    await plugin.reset();
    assert.equal(await host.run('example.echo', '4', { load: 'wait-and-run' }), '4');
  });

  it('tells of commands that come and go with its worker', async () => {
    const host = await nevHost();
    const changes: string[] = [];
    host.addEventListener('commandschange', () => changes.push(host.commands.map(({ name }) => name).join()));
    const guest = { ...ECHO_GUEST, init: define(0, 4, 7) + define(4, 5, 8) };
    const plugin = await host.install({ wasm: await nevGuest(guest), manifest: manifest() });
    await plugin.reset();
    assert.deepEqual([changes.includes('example.echo,example.shout'), changes.at(-1)], [true, 'example.echo']);
  });

  it('has its arguments checked by what its manifest declares', async () => {
    const host = await nevHost();
    const declared = '"echo": { "returnType": "string", "parameters": [{ "name": "index", "type": "int" }] },';
    const text = manifest().replace('"echo": { "returnType": "string" },', declared);
    await host.install({ wasm: await nevGuest(ECHO_GUEST), manifest: text });
    for (const wrong of ['', '"one"', '1 2', '1.5', '{', 'x'])
      await rejectsCode('ARGUMENTS_INVALID', host.run('example.echo', wrong), /example\.echo/);
    assert.equal(await host.run('example.echo', ' 12 '), ' 12 ');
  });

  it('hears that a command is not allowed, or not found', async () => {
    const host = await nevHost({ commands: { quit: () => 'gone' } });
    const wasm = await nevGuest(runGuest());
    const errorOf = async (name: string, id: string): Promise<string> => {
      const text = manifest().replace('"shout"', name);
      const plugin = await host.open({ wasm, manifest: text }, { id });
      return textOf((await plugin.callWith('handle_command', [0, 0, utf8('')]))[0]);
    };
    // The guest runs `shout`, and answers with the number of an error behind an exclamation mark.
    assert.equal(await errorOf('"shout"', 'allowed'), '!1');
    assert.equal(await errorOf('"quit"', 'denied'), '!0');
  });

  it('runs commands of another plugin, and is told that its own is not found while it runs', async () => {
    const host = await nevHost();
    await host.install({ wasm: await nevGuest(ECHO_GUEST), manifest: manifest() }, { id: 'other' });
    const text = manifest().replace('"shout"', '"shout", "other.echo", "example.echo"');
    const body = (name: string) => runGuest(false, name);
    const first = await host.open({ wasm: await nevGuest(body('other.echo')), manifest: text });
    assert.equal(textOf((await first.callWith('handle_command', [0, 0, utf8('"a"')]))[0]), '"a"');
    await first.close();
    const guest = body('example.echo');
    const wasm = await nevGuest({ ...guest, body: `${DEFINE_COMMAND} ${guest.body}`, init: define(8, 4, 7) });
    const second = await host.open({ wasm, manifest: text });
    assert.equal(textOf((await second.callWith('handle_command', [0, 0, utf8('"a"')]))[0]), '!1');
  });

  it('lives on after a trap, which gives nothing and is logged', async () => {
    const host = await nevHost();
    const body = `${DEFINE_COMMAND} ${DATA}
      (global $count (mut i32) (i32.const 0))
      (func (export "handle_command") (param i32 i32 i32 i32) (result i32)
        (global.set $count (i32.add (global.get $count) (i32.const 1)))
        (if (i32.eq (global.get $count) (i32.const 1)) (then (unreachable)))
        (i32.store (i32.const 256) (i32.const 0))
        (i32.store (i32.const 260) (global.get $count))
        (i32.const 256))`;
    const plugin = await host.install({
      wasm: await nevGuest({ body, init: define(0, 4, 7) }),
      manifest: manifest(),
    });
    assert.equal(await host.run('example.echo'), '');
    assert.match(logsOf(host), /Command "example\.echo": .*unreachable/i);
    assert.lengthOf(await host.run('example.echo'), 2);
    assert.equal(plugin.state, 'running');
  });

  it('H7: is told by name what it claimed wrongly, and never as an error of ours', async () => {
    const host = await nevHost();
    const calls: [string, RegExp][] = [
      ['(call $text (i32.const 0) (i32.const -4))', /8 bytes at 4294967292 are not in the guest's memory/],
      ['(call $text (i32.const 0) (i32.const 8))', /Invalid resource index 0$/],
      ['(drop (call $rope (i32.const 0) (i32.const -1)))', /4294967295 bytes at 0 are not in/],
      ['(drop (call $rope (i32.const 0) (i32.const 131073)))', /131073 bytes at 0 are not in/],
      ['(call $drop (i32.const 3))', /Invalid resource index 3/],
      ['(drop (call $buffer (i64.const -1)))', /cannot have -1 bytes/],
      ['(drop (call $buffer (i64.const 1000000000000)))', /too large: `exchangeBytes`/],
      ['(call $drop (call $buffer (i64.const 1)))', /a shared-buffer, not a rope/],
    ];
    const types = 'import "nev:plugins/types"';
    for (const [i, [call, message]] of calls.entries()) {
      const body = `(${types} "[constructor]rope" (func $rope (param i32 i32) (result i32)))
        (${types} "[method]rope.text" (func $text (param i32 i32)))
        (${types} "[constructor]shared-buffer" (func $buffer (param i64) (result i32)))
        (${types} "[resource-drop]rope" (func $drop (param i32)))
        (func (export "notify_task_complete") (param i64 i32) ${i === 0 ? '(drop (call $rope (i32.const 0) (i32.const 1)))' : ''} ${call})`;
      const plugin = await host.open({ wasm: await nevGuest({ body }), manifest: manifest() });
      await rejectsCode('TRAP', plugin.callWith('notify_task_complete', [1n, 0]), message);
      await plugin.close();
    }
  });

  it('is given handles from 0, the lowest free one first', async () => {
    const host = await nevHost();
    const types = 'import "nev:plugins/types"';
    const body = `(${types} "[constructor]rope" (func $rope (param i32 i32) (result i32)))
      (${types} "[resource-drop]rope" (func $drop (param i32)))
      (func $next (param $at i32) (i32.store8 (local.get $at) (i32.add (i32.const 48) (call $rope (i32.const 0) (i32.const 1)))))
      (func (export "save_plugin_state") (result i32)
        (call $next (i32.const 512)) (call $next (i32.const 513)) (call $next (i32.const 514))
        (call $drop (i32.const 1)) (call $drop (i32.const 0))
        (call $next (i32.const 515)) (call $next (i32.const 516)) (call $next (i32.const 517))
        (i32.store (i32.const 256) (i32.const 512)) (i32.store (i32.const 260) (i32.const 6))
        (i32.const 256))`;
    const plugin = await host.open({ wasm: await nevGuest({ body }), manifest: manifest() });
    assert.equal(textOf((await plugin.callWith('save_plugin_state', []))[0]), '012013');
  });

  it('hears events by a pattern, its own once its call is over, and no more once it has stopped', async () => {
    const host = await nevHost();
    const events = 'import "nev:plugins/events"';
    const numbers = (...all: number[]): string => all.map((one) => `(i32.const ${one})`).join(' ');
    const body = `${DEFINE_COMMAND} ${RUN_COMMAND}
      (${events} "listen-event" (func $listen (param i32 i32 i32 i32 i32 i32)))
      (${events} "stop-listen-event" (func $stop (param i32 i32 i32 i32)))
      (${events} "emit-event" (func $emit (param i32 i32 i32 i32)))
      (data (i32.const 0) "app/*app/said[1]shout")
      (func (export "handle_event") (param $fun i32) (param i32 i32 i32) (param $at i32) (param $length i32)
        (call $run ${numbers(16, 5)} (local.get $at) (local.get $length) (i32.const 300)))
      (func (export "notify_task_complete") (param i64 i32)
        (if (local.get 1) (then (call $stop ${numbers(0, 0, 0, 5)})) (else (call $emit ${numbers(5, 8, 13, 3)}))))`;
    const heard: string[] = [];
    const shouting = await nevHost({ commands: { shout: (args) => heard.push(args) } });
    await host.close();
    const init = `(call $listen ${numbers(1, 2, 0, 0, 0, 5)})`;
    const plugin = await shouting.open({ wasm: await nevGuest({ body, init }), manifest: manifest() });
    await plugin.callWith('notify_task_complete', [1n, 0]);
    await eventually(() => heard.length === 1, 'the event that it told of itself');
    const deliveries = await shouting.emit('app/saved', { item: 1 });
    await shouting.emit('other', 2);
    assert.deepEqual([heard, deliveries.map(({ ok }) => ok)], [['[1]', '{"item":1}'], [true]]);
    await plugin.callWith('notify_task_complete', [1n, 1]);
    assert.isEmpty(await shouting.emit('app/saved'));
  });

  it('keeps session data, which is null where there is none', async () => {
    const session = 'import "nev:plugins/session"';
    const body = `(${session} "get-session-data" (func $get (param i32 i32 i32)))
      (${session} "set-session-data" (func $set (param i32 i32 i32 i32)))
      (data (i32.const 0) "key")
      (func (export "load_plugin_state") (param $at i32) (param $length i32)
        (call $set (i32.const 0) (i32.const 3) (local.get $at) (local.get $length)))
      (func (export "save_plugin_state") (result i32)
        (call $get (i32.const 0) (i32.const 3) (i32.const 256)) (i32.const 256))`;
    const host = await nevHost();
    const plugin = await host.install({ wasm: await nevGuest({ body }), manifest: manifest() });
    const kept = async () => textOf((await plugin.callWith('save_plugin_state', []))[0]);
    assert.equal(await kept(), 'null');
    await plugin.callWith('load_plugin_state', [utf8('{"a":1}')]);
    await plugin.callWith('load_plugin_state', [utf8('not JSON')]);
    await plugin.reset();
    assert.equal(await kept(), '{"a":1}');
    assert.match(logsOf(host), /session data "key" is not changed/);
  });

  it('H3: is refused by name for what nothing here implements', async () => {
    const host = await nevHost();
    const importing = (from: string, name: string, type = '(param i64)') => ({
      body: `(import "${from}" "${name}" (func ${type}))`,
    });
    const wrong: [Parameters<typeof nevGuest>[0], RegExp][] = [
      [importing('nev:plugins/text-editor', 'undo'), /`nev:plugins\/text-editor` `undo`.*app does not implement/],
      [importing('nev:plugins/channel', 'create-terminal', '(param i32 i32 i32 i32)'), /`create-terminal`/],
      [importing('env', 'editor_get_mode'), /before its plugins had interfaces/],
      [
        importing('wasi_snapshot_preview1', 'random_get', '(param i32 i32) (result i32)'),
        /`random_get`.*"wasi": "full"/,
      ],
      [
        importing('nev:plugins/core', 'api-version', '(result i64)'),
        /wants \(\) -> i64, the interface has \(\) -> i32/,
      ],
    ];
    for (const [guest, message] of wrong) {
      const opening = host.open({ wasm: await nevGuest(guest), manifest: manifest() });
      await rejectsCode('IMPORT_MISSING', opening, message);
    }
  });

  it('is told what of it fails at its start, and what it lacks to be handed texts', async () => {
    const host = await nevHost();
    const opening = host.open({ wasm: await nevGuest({ init: '(unreachable)' }), manifest: manifest() });
    await rejectsCode('TRAP', opening, /`init_plugin` failed: .*unreachable/i);
    await host.open({ wasm: await wat('(module (memory (export "memory") 1))'), manifest: manifest() });
    assert.match(logsOf(host), /exports no `mem_stack_alloc`, `mem_stack_save`, `mem_stack_restore`, by which/);
  });

  it('that was installed with stubs runs without what it imports, and fails where it calls that', async () => {
    const host = await nevHost();
    const body = `(import "nev:plugins/text-editor" "get-revision" (func $revision (param i64) (result i32)))
      (func (export "notify_task_complete") (param $task i64) (param i32)
        (if (i64.eqz (local.get $task)) (then (drop (call $revision (i64.const 1))))))`;
    const source = { wasm: await nevGuest({ body }), manifest: manifest() };
    const plugin = await host.open(source, { missing: 'stub' });
    await plugin.callWith('notify_task_complete', [1n, 0]);
    await rejectsCode('IMPORT_MISSING', plugin.callWith('notify_task_complete', [0n, 0]), /get-revision/);
  });

  it('uses what the app implements of its interfaces, by their types', async () => {
    const editor = 'import "nev:plugins/text-editor"';
    const body = `(${editor} "active-text-editor" (func $active (param i32 i32)))
      (${editor} "get-selection" (func $selection (param i64 i32)))
      (${editor} "edit" (func $edit (param i64 i32 i32 i32 i32 i32 i32)))
      (${editor} "content" (func $content (param i64) (result i32)))
      (import "nev:plugins/types" "[method]rope.text" (func $text (param i32 i32)))
      (data (i32.const 0) "new")
      (func (export "save_plugin_state") (result i32)
        (call $active (i32.const 2) (i32.const 512))
        (call $selection (i64.load (i32.const 520)) (i32.const 528))
        (i32.store (i32.const 600) (i32.const 0)) (i32.store (i32.const 604) (i32.const 3))
        (call $edit (i64.load (i32.const 520)) (i32.const 528) (i32.const 1) (i32.const 600) (i32.const 1) (i32.const 1) (i32.const 640))
        (call $text (call $content (i64.load (i32.const 520))) (i32.const 256))
        (i32.const 256))`;
    const heard: unknown[] = [];
    const first = { line: 1, column: 2 };
    const last = { line: 3, column: 4 };
    const host = await nevHost({
      interfaces: {
        'text-editor': {
          'active-text-editor': ([flags]) => {
            heard.push(flags);
            return 2n ** 63n;
          },
          'get-selection': async () => ({ first, last }),
          edit: (args) => {
            heard.push(args);
            return args[1];
          },
          content: ([editorId]) => `text of ${editorId}`,
        },
      },
    });
    const plugin = await host.open({ wasm: await nevGuest({ body }), manifest: manifest() });
    assert.equal(textOf((await plugin.callWith('save_plugin_state', []))[0]), `text of ${2n ** 63n}`);
    assert.deepEqual(heard, [['include-popups'], [2n ** 63n, [{ first, last }], ['new'], true]]);
    await rejectsCode(
      'OPTION_INVALID',
      nevCapabilities({ interfaces: { editor: { nothing: () => undefined } } as never }),
      /no function of that interface/,
    );
  });

  it('without a manifest has its name of its file, and may do nothing', async () => {
    const host = await nevHost();
    const wasm = await nevGuest(ECHO_GUEST);
    const plugin = await host.open(new File([wasm], 'Loose.m.wasm'));
    assert.deepEqual([plugin.id, plugin.manifest.dialect, plugin.manifest.commands], ['Loose', 'nev', []]);
    assert.equal(await host.run('Loose.echo', '1'), '1');
    assert.isFalse(plugin.grants.has('editor-commands'));
  });

  it('keeps its state over a sleep', async () => {
    const body = `(global $state (mut i32) (i32.const 48))
      (func (export "notify_task_complete") (param i64 i32) (global.set $state (i32.const 55)))
      (func (export "load_plugin_state") (param $at i32) (param i32) (global.set $state (i32.load8_u (local.get $at))))
      (func (export "save_plugin_state") (result i32)
        (i32.store8 (i32.const 512) (global.get $state))
        (i32.store (i32.const 256) (i32.const 512)) (i32.store (i32.const 260) (i32.const 1))
        (i32.const 256))`;
    const host = await nevHost({}, { live: 1 });
    const plugin = await host.open({ wasm: await nevGuest({ body }), manifest: manifest() });
    await plugin.callWith('notify_task_complete', [1n, 0]);
    await (await host.open(await nevGuest(ECHO_GUEST), { id: 'next' })).start();
    assert.equal(plugin.state, 'asleep');
    assert.equal(textOf((await plugin.callWith('save_plugin_state', []))[0]), '7');
  });

  it('that has to wait is refused when it is installed, where no plugin can wait', async () => {
    const host = await nevHost({}, { hostCalls: 'none' });
    const waiting = host.install({ wasm: await nevGuest(ECHO_GUEST), manifest: manifest() });
    await rejectsCode('HOST_CALLS_UNAVAILABLE', waiting, /`define-command`/);
    assert.isEmpty(host.plugins);
  });
});

describe('a command of a plugin of Cloche', () => {
  it('is an export that takes the arguments as its input', async () => {
    const host = await makeHost();
    const echo = `(module
      (import "extism:host/env" "input_offset" (func $offset (result i64)))
      (import "extism:host/env" "input_length" (func $length (result i64)))
      (import "extism:host/env" "output_set" (func $output (param i64 i64)))
      (func (export "on_go") (result i32) (call $output (call $offset) (call $length)) (i32.const 0)))`;
    const commands = [{ name: 'go', params: [{ name: 'index', type: 'int' }], handler: 'on_go' }];
    await host.open({ wasm: await wat(echo), manifest: { id: 'own', commands } });
    assert.equal(await host.run('own.go', '7'), '7');
    await rejectsCode('ARGUMENTS_INVALID', host.run('own.go', '"7"'), /takes index: int/);
  });
});
