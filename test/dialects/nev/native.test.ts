// What engines do with plugins of Nev: guests in WAT that wait, and plugins in C and in Rust, which were written after the interfaces and
// not after this host. These are compiled before the tests where the machine has clang or zig, and rustc with wasm32-unknown-unknown;
// where it has not, their tests are left out.

import { assert } from 'chai';
import { defaultCapabilities, type Host, type NevOptions, nevCapabilities, type Plugin } from '../../../src/index.ts';
import { builtNative } from '../../helpers/built-plugin.ts';
import { engine } from '../../helpers/engine.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { closeHosts, eventually, makeHost, uniqueStorage } from '../../helpers/hosts.ts';
import { DEFINE_COMMAND, nevGuest, RUN_COMMAND, runGuest } from './nev-guest.ts';
import { logsOf, textOf, utf8 } from './texts.ts';

const EDITOR = 0xffff_ffff_ffff_fffen;
const point = (line: number, column: number) => ({ line, column });
const selection = (a: number, b: number, c: number, d: number) => ({ first: point(a, b), last: point(c, d) });

type Selection = ReturnType<typeof selection>;

interface Heard {
  readonly calls: unknown[];
  readonly commands: string[];
}

after(closeHosts);

function editorOf({ calls }: Heard): NonNullable<NevOptions['interfaces']> {
  let selections: readonly Selection[] = [];
  const hear =
    (name: string) =>
    (args: readonly unknown[]): void =>
      void calls.push([name, ...args]);
  return {
    editor: {
      'active-editor': () => EDITOR,
      'get-document': ([editor]) => (editor === EDITOR ? 7n : undefined),
    },
    'text-editor': {
      'active-text-editor': ([flags]) => {
        calls.push(['active-text-editor', flags]);
        return EDITOR;
      },
      'get-document': async () => 7n,
      'as-text-editor': () => undefined,
      'all-text-editors': () => [EDITOR, 3n],
      command: ([, name, args]) => (name === 'select' ? { ok: `${name} ${args}` } : { err: 'not-found' }),
      'scroll-to-cursor': hear('scroll-to-cursor'),
      'get-revision': () => -3,
      modes: () => ['normal', 'insért'],
      'set-selections': ([, given]) => {
        selections = given;
      },
      'get-selection': () => selections.at(-1) ?? selection(1, 2, 6, 9),
      'get-selections': () => selections,
      'set-search-query-from-move': ([, move, count, prefix, suffix]) => {
        calls.push(['search', move, prefix, suffix]);
        return selection(count, 0, 0, 1);
      },
      'apply-move': (args) => {
        calls.push(['apply-move', ...args]);
        return [selection(0, 0, 0, 9)];
      },
      'create-anchors': ([, given]) =>
        given.map(({ first, last }, i) => [
          { replica: 1 + i, value: 2, offset: first.column, bias: 1 },
          { replica: 0xffff, value: 0xffff_fffe, offset: last.column, bias: 0 },
        ]),
      'resolve-anchors': ([, anchors]) =>
        anchors.map(([first, last], i) => selection(3 + i, first.offset, 0, last.offset)),
      'allocate-overlay-id': () => -1n,
      'add-overlay': hear('add-overlay'),
      edit: (args) => {
        calls.push(['edit', ...args.slice(2)]);
        return args[1];
      },
      'define-move': hear('define-move'),
      content: () => 'content of an editor',
    },
    'text-document': { path: () => 'ws0://open.txt', content: async () => 'content of a document' },
    layout: { show: hear('show') },
    render: {
      '[constructor]render-view': () => 5,
      '[static]render-view.from-user-id': ([id]) => (id === 'mine' ? 6 : undefined),
      '[method]render-view.view': () => 77,
      '[method]render-view.size': () => ({ x: 640.5, y: 480 }),
      '[method]render-view.key-down': ([, key]) => key === -1n,
      '[method]render-view.set-render-commands': ([view, bytes]) => void calls.push(['commands', view, bytes.length]),
      '[method]render-view.set-render-commands-raw': ([view, bytes]) => void calls.push(['raw', view, ...bytes]),
      '[method]render-view.set-modes': hear('set-modes'),
      '[method]render-view.set-render-callback': hear('set-render-callback'),
      '[resource-drop]render-view': hear('drop'),
    },
  };
}

async function hostWith(options: NevOptions = {}): Promise<Host> {
  const storage = uniqueStorage();
  const capabilities = [...defaultCapabilities({ storage }), ...(await nevCapabilities(options))];
  return makeHost({ storage, serviceWorker: '/cloche-sw.js', capabilities });
}

async function openNative(wasm: Uint8Array<ArrayBuffer>, heard: Heard): Promise<{ host: Host; plugin: Plugin }> {
  const host = await hostWith({
    settings: new Map<string, unknown>([['text.tab-size', 4]]),
    commands: {
      shout: async (args) => args.toUpperCase(),
      long: async () => 'x'.repeat(300_000),
      quit: () => 'gone',
      told: (args) => {
        heard.commands.push(args);
        return `told ${args}`;
      },
    },
    interfaces: editorOf(heard),
  });
  const manifest = `{
    "name": "native", "wasm": "native.1.m.wasm",
    "permissions": {
      "commands": { "allow": ["shout", "nothing", "long", "told", "select"] },
      "filesystemRead": { "allow": ["ws0://"], "disallow": ["ws0://fixed"], },
      "filesystemWrite": { "allow": ["ws0://"], "disallow": ["ws0://fixed"] },
      "time": true,
    },
  }`;
  return { host, plugin: await host.install({ wasm, manifest }) };
}

const SHOUTING = '{ "name": "example", "wasm": "a.m.wasm", "permissions": { "commands": { "allow": ["shout"] } } }';

describe('a plugin of Nev', () => {
  it('waits for a command of the app, whose answer is written while it is suspended', async () => {
    const heard: unknown[] = [];
    const shout = async (args: string, { plugin }: { plugin: { id: string } }): Promise<string> => {
      heard.push(plugin.id, args);
      await new Promise((resolve) => setTimeout(resolve, 1));
      return 'é'.repeat(200_000);
    };
    const host = await hostWith({ commands: { shout } });
    const plugin = await host.install({ wasm: await nevGuest(runGuest(true)), manifest: SHOUTING });
    const [answer] = await plugin.callWith('handle_command', [0, 0, utf8('"now"')]);
    assert.equal(textOf(answer), 'é'.repeat(200_000));
    assert.deepEqual(heard, ['example', '"now"']);
  });

  it('is called when a time has passed, and when something has come through a channel', async () => {
    const channel = 'import "nev:plugins/channel"';
    const body = `${DEFINE_COMMAND} ${RUN_COMMAND}
      (import "nev:plugins/core" "sleep-async" (func $sleep (param i64 i32)))
      (${channel} "new-in-memory-channel" (func $channel (param i32)))
      (${channel} "[method]read-channel.listen" (func $listen (param i32 i32 i32)))
      (${channel} "[method]write-channel.write-string" (func $write (param i32 i32 i32)))
      (data (i32.const 0) "channeltaskshout")
      (func (export "handle_channel_update") (param i32 i32 i32) (result i32)
        (call $run (i32.const 11) (i32.const 5) (i32.const 0) (i32.const 7) (i32.const 300)) (i32.const 0))
      (func (export "notify_task_complete") (param $task i64) (param i32)
        (if (i64.eq (local.get $task) (i64.const 9)) (then
          (call $run (i32.const 11) (i32.const 5) (i32.const 7) (i32.const 4) (i32.const 300)))
        (else
          (call $sleep (i64.const 9) (i32.const 1))
          (call $channel (i32.const 400))
          (call $listen (i32.load (i32.const 400)) (i32.const 1) (i32.const 2))
          (call $write (i32.load (i32.const 404)) (i32.const 0) (i32.const 7)))))`;
    const heard: string[] = [];
    const host = await hostWith({ commands: { shout: (args) => heard.push(args) } });
    const plugin = await host.open({ wasm: await nevGuest({ body }), manifest: SHOUTING });
    await plugin.callWith('notify_task_complete', [1n, 0]);
    assert.include(heard, 'channel');
    await eventually(() => heard.includes('task'), 'the end of its sleep');
    assert.sameMembers(heard, ['channel', 'task']);
  });

  it('is a folder that somebody has chosen, where pages may have one', async () => {
    const host = await hostWith();
    assert.equal(
      'FileSystemFileHandle' in self && 'createWritable' in FileSystemFileHandle.prototype,
      engine.writesFolders,
    );
    const root = engine.writesFolders ? await navigator.storage.getDirectory() : undefined;
    const folder = await root?.getDirectoryHandle('chosen-plugin', { create: true });
    if (!root || !folder) return;
    const files = { 'manifest.json': '{ "wasm": "a.1.m.wasm", /* all */ }', 'a.1.m.wasm': await nevGuest() };
    for (const [name, content] of Object.entries(files)) {
      const file = await (await folder.getFileHandle(name, { create: true })).createWritable();
      await file.write(content);
      await file.close();
    }
    const { id, manifest: read, state } = await host.open(folder);
    await root.removeEntry('chosen-plugin', { recursive: true });
    assert.deepEqual([id, read.dialect, read.apiVersion, state], ['chosen-plugin', 'nev', 1, 'running']);
  });
});

describe('a plugin in C', () => {
  const heard: Heard = { calls: [], commands: [] };
  let host: Host;
  let plugin: Plugin;

  before(async function () {
    const wasm = await builtNative('nev-c');
    if (!wasm) {
      console.warn('Left out, as neither clang with wasm-ld nor zig is here: plugins of Nev in C');
      this.skip();
    }
    ({ host, plugin } = await openNative(wasm, heard));
  });

  it('finds every interface as it is promised', async () => {
    const said = await host.run('native.check');
    assert.equal(said, 'all is well', `lines of test/fixtures/plugins/nev-c/nev-c.c; its log:\n${logsOf(host)}`);
  });

  it('has passed what it meant to the app', () => {
    assert.deepEqual(heard.calls, [
      ['active-text-editor', ['include-command-line', 'include-popups']],
      ['scroll-to-cursor', EDITOR, 'top-of-screen', 0.25],
      ['scroll-to-cursor', EDITOR, undefined, 0.5],
      ['search', 'word', '<', '>'],
      ['apply-move', EDITOR, selection(1, 2, 3, 4), 'line', 5, true, false],
      ['edit', ['new', 'é'], true],
      ['edit', [], false],
      ['add-overlay', EDITOR, selection(1, 2, 3, 4), 'over', -5n, 'scope', 'right', 2n ** 40n, 'above'],
      ['define-move', 'next-word', 11, 12],
      ['commands', 5, 5],
      ['raw', 5, 6, 0, 0],
      ['set-modes', 5, ['a', 'bc']],
      ['set-render-callback', 5, 3, 4],
      ['show', 77, '#main', true, false],
      ['drop', 6],
      ['drop', 5],
    ]);
  });

  it('has heard what came of its call, and what comes later', async () => {
    const all = ['news;', 'gone;', 'app/checked;{"a":1};', 'slept;'];
    const text = async (): Promise<string> => host.run('native.heard');
    await eventually(async () => (await text()).length === all.join('').length, 'what it waits for');
    const said = await text();
    for (const one of all) assert.include(said, one);
    await host.emit('other', 1);
    await host.emit('app/saved', 'é');
    assert.equal(await text(), `${said}app/saved;"é";`);
  });

  it('gets its arguments with the context before them, and its own numbers', async () => {
    assert.equal(await host.run('native.go', '7'), `${2 ** 32 - 1} null 7`);
    await rejectsCode('ARGUMENTS_INVALID', host.run('native.go', '"7"'));
  });

  it('is called for a move, for an overlay, and with its state', async () => {
    const selections = utf8(
      JSON.stringify([
        [
          [0, 1],
          [0, 2],
        ],
      ]),
    );
    const [moved] = await plugin.callWith('handle_move', [11, 12, utf8('text'), selections, 3, 1]);
    assert.equal(textOf(moved), '[[[0,1],[0,5]]]');
    const size = utf8(JSON.stringify([1.5, 2]));
    const [drawn] = await plugin.callWith('handle_text_overlay_render', [3, 4, 9n, size, 5]);
    assert.deepEqual([...(drawn as Uint8Array)], [0, 0, 64, 64, 0, 0, 224, 64, 7, 9]);
    await plugin.callWith('load_plugin_state', [new Uint8Array([1, 0, 255])]);
    assert.deepEqual([...((await plugin.callWith('save_plugin_state', []))[0] as Uint8Array)], [1, 0, 255]);
  });

  it('lives on after a trap', async () => {
    assert.equal(await host.run('native.break'), '');
    assert.include(logsOf(host), 'Invalid resource index 1000');
    assert.notEqual(await host.run('native.heard'), '');
  });
});

describe('a plugin in Rust', () => {
  const heard: Heard = { calls: [], commands: [] };
  let host: Host;

  before(async function () {
    const wasm = await builtNative('nev-rust');
    if (!wasm) {
      console.warn('Left out, as rustc with wasm32-unknown-unknown is not here: plugins of Nev in Rust');
      this.skip();
    }
    const interfaces = editorOf(heard);
    ({ host } = await openNative(wasm, heard));
    assert.isDefined(interfaces);
  });

  it('edits what is selected', async () => {
    assert.equal(await host.run('native.upper-case'), '0 of ');
  });

  it('finds words, and drops what it made', async () => {
    assert.equal(await host.run('native.words', '"one zwei três"'), '0 3');
    assert.equal(await host.run('native.words', '""'), '0 0');
  });

  it('remembers, and tells a command of the app', async () => {
    assert.equal(await host.run('native.remember', '"a"'), 'told ["a"]');
    assert.equal(await host.run('native.remember', '"é"'), 'told ["a","é"]');
    assert.deepEqual(heard.commands, ['["a"]', '["a","é"]']);
  });

  it('panics, and lives on', async () => {
    assert.equal(await host.run('native.panic'), '');
    assert.equal(await host.run('native.words', '"still here"'), '0 2');
  });
});
