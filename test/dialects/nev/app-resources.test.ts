// What an app is handed of a plugin of Nev beside plain values: ends of channels, as streams, and pixels.

import { assert } from 'chai';
import { defaultCapabilities, type NevOptions, nevCapabilities, type Plugin } from '../../../src/index.ts';
import { rejectsCode } from '../../helpers/expect-code.ts';
import { closeHosts, eventually, makeHost, uniqueStorage } from '../../helpers/hosts.ts';
import { nevGuest } from './nev-guest.ts';
import { logsOf, textOf, utf8 } from './texts.ts';

after(closeHosts);

async function opened(
  body: string,
  interfaces: NonNullable<NevOptions['interfaces']>,
): Promise<[Plugin, () => string]> {
  const storage = uniqueStorage();
  const capabilities = [...defaultCapabilities({ storage }), ...(await nevCapabilities({ interfaces }))];
  const host = await makeHost({ storage, serviceWorker: '/cloche-sw.js', capabilities });
  const plugin = await host.open({ wasm: await nevGuest({ body }), manifest: '{ "wasm": "example.m.wasm" }' });
  return [plugin, () => logsOf(host)];
}

const does = (plugin: Plugin, task: bigint) => plugin.callWith('notify_task_complete', [task, 0]);
const said = async (plugin: Plugin): Promise<string> => textOf((await plugin.callWith('save_plugin_state', []))[0]);

const CHANNEL = 'import "nev:plugins/channel"';
/** Reads what has come through the channel of the handle at 400 whenever it is told, and gives all of it as its state. */
const reads = (imports: string): string => `${imports}
  (${CHANNEL} "[method]read-channel.read-all-string" (func $read (param i32 i32)))
  (${CHANNEL} "[method]read-channel.listen" (func $listen (param i32 i32 i32)))
  (global $length (mut i32) (i32.const 0))
  (func (export "handle_channel_update") (param i32 i32) (param $closed i32) (result i32)
    (call $read (i32.load (i32.const 400)) (i32.const 300))
    (memory.copy (i32.add (i32.const 1024) (global.get $length)) (i32.load (i32.const 300)) (i32.load (i32.const 304)))
    (global.set $length (i32.add (global.get $length) (i32.load (i32.const 304))))
    (if (local.get $closed) (then
      (i32.store8 (i32.add (i32.const 1024) (global.get $length)) (i32.const 46))
      (global.set $length (i32.add (global.get $length) (i32.const 1)))))
    (i32.const 0))
  (func (export "save_plugin_state") (result i32)
    (i32.store (i32.const 256) (i32.const 1024)) (i32.store (i32.const 260) (global.get $length)) (i32.const 256))`;

describe('a terminal of an app', () => {
  const imports = `(${CHANNEL} "new-in-memory-channel" (func $channel (param i32)))
    (${CHANNEL} "create-terminal" (func $terminal (param i32 i32 i32 i32)))
    (${CHANNEL} "[method]write-channel.write-string" (func $write (param i32 i32 i32)))
    (${CHANNEL} "[resource-drop]write-channel" (func $drop (param i32)))`;
  const body = `${reads(imports)}
    (data (i32.const 0) "group$ ls")
    (func (export "notify_task_complete") (param $task i64) (param i32)
      (if (i64.eqz (local.get $task)) (then (call $drop (i32.load (i32.const 412))) (return)))
      (call $channel (i32.const 400))
      (call $channel (i32.const 408))
      (call $terminal (i32.load (i32.const 404)) (i32.load (i32.const 408)) (i32.const 0) (i32.const 5))
      (call $listen (i32.load (i32.const 400)) (i32.const 1) (i32.const 2))
      (call $write (i32.load (i32.const 412)) (i32.const 5) (i32.const 4)))`;

  it('writes what the plugin hears of, and reads what it writes, until it lets go of that', async () => {
    const shown: string[] = [];
    let isOver = false;
    let typing: WritableStreamDefaultWriter<Uint8Array> | undefined;
    const [plugin] = await opened(body, {
      channel: {
        'create-terminal': ([stdin, stdout, group]) => {
          shown.push(group);
          typing = stdin.getWriter();
          const sink = new WritableStream<Uint8Array>({
            write: (chunk) => void shown.push(textOf(chunk)),
            close() {
              isOver = true;
            },
          });
          void stdout.pipeTo(sink);
        },
      },
    });
    await does(plugin, 1n);
    await eventually(() => shown.length === 2, 'what it shows');
    assert.deepEqual([...shown], ['group', '$ ls']);
    await typing?.write(utf8('exit'));
    await typing?.close();
    await eventually(async () => (await said(plugin)) === 'exit.', 'what was typed');
    await does(plugin, 0n);
    await eventually(() => isOver, 'its end');
  });
});

describe('a process of an app', () => {
  const PROCESS = 'import "nev:plugins/process"';
  const imports = `
    (${PROCESS} "[static]process.start" (func $start (param i32 i32 i32 i32) (result i32)))
    (${PROCESS} "[method]process.stdin" (func $stdin (param i32) (result i32)))
    (${PROCESS} "[method]process.stdout" (func $stdout (param i32) (result i32)))
    (${PROCESS} "[resource-drop]process" (func $drop (param i32)))
    (${CHANNEL} "[method]write-channel.write-string" (func $write (param i32 i32 i32)))
    (${CHANNEL} "[method]write-channel.close" (func $close (param i32)))`;
  const body = `${reads(imports)}
    (data (i32.const 0) "upperhello")
    (func (export "notify_task_complete") (param $task i64) (param i32) (local $process i32) (local $stdin i32)
      (local.set $process (call $start (i32.const 0) (i32.const 5) (i32.const 0) (i32.const 0)))
      (i32.store (i32.const 400) (call $stdout (local.get $process)))
      (call $listen (i32.load (i32.const 400)) (i32.const 1) (i32.const 2))
      (local.set $stdin (call $stdin (local.get $process)))
      (call $write (local.get $stdin) (i32.const 5) (i32.const 5))
      (call $close (local.get $stdin))
      (call $drop (local.get $process)))`;

  it('is started for a plugin that was granted it, and for no other', async () => {
    const started: unknown[] = [];
    const [plugin] = await opened(body, {
      process: {
        '[static]process.start': ([name]) => started.push(name),
        '[method]process.stdin': () => new WritableStream<Uint8Array>(),
        '[method]process.stdout': () => new ReadableStream<Uint8Array>(),
        '[resource-drop]process': () => undefined,
      },
    });
    await plugin.amend({ 'editor-process': false });
    await rejectsCode('PERMISSION_DENIED', does(plugin, 1n));
    assert.deepEqual(started, []);
    await plugin.amend({ 'editor-process': true });
    await does(plugin, 1n);
    assert.deepEqual(started, ['upper']);
  });

  it('reads and writes streams of its own, and what is none is an error of the app', async () => {
    const pipe = new TransformStream<Uint8Array, Uint8Array>({
      transform: (chunk, controller) => controller.enqueue(utf8(textOf(chunk).toUpperCase())),
    });
    const dropped: unknown[] = [];
    const [plugin, logs] = await opened(body, {
      process: {
        '[static]process.start': ([name]) => (name === 'upper' ? 9 : 0),
        '[method]process.stdin': ([id]) => (id === 9 ? pipe.writable : (undefined as never)),
        '[method]process.stdout': () => pipe.readable,
        '[resource-drop]process': ([id]) => void dropped.push(id),
      },
    });
    await does(plugin, 1n);
    await eventually(async () => (await said(plugin)) === 'HELLO.', 'what it gives');
    assert.deepEqual(dropped, [9]);
    // The same streams again, which are taken.
    await does(plugin, 1n).catch(() => undefined);
    await eventually(() => logs().includes('a stream of the app has failed'), 'what the log says');
  });
});

describe('textures', () => {
  const RENDER = 'import "nev:plugins/render"';
  const TYPES = 'import "nev:plugins/types"';
  const make = (body: string, imports = '') => `${imports}
    (${RENDER} "create-texture" (func $make (param i32 i32 i32 i32 i32) (result i64)))
    (${RENDER} "update-texture" (func $update (param i64 i32 i32 i32 i32)))
    (${RENDER} "delete-texture" (func $delete (param i64)))
    (data (i32.const 1024) "0123456789abcdef0123456789abcdef")
    (func $note (param $id i64) (i64.store (i32.add (i32.const 2048) (global.get $length)) (local.get $id))
      (global.set $length (i32.add (global.get $length) (i32.const 8))))
    (global $length (mut i32) (i32.const 0))
    (func (export "save_plugin_state") (result i32)
      (i32.store (i32.const 256) (i32.const 2048)) (i32.store (i32.const 260) (global.get $length)) (i32.const 256))
    ${body}`;
  const texture = (...args: number[]) =>
    `(call $note (call $make ${args.map((arg) => `(i32.const ${arg})`).join(' ')}))`;
  const app = (heard: unknown[]): NonNullable<NevOptions['interfaces']> => ({
    render: {
      'create-texture': ([width, height, pixels, format, dynamic]) => {
        heard.push([width, height, textOf(pixels), format, dynamic]);
        return 7n;
      },
      'update-texture': ([id, width, height, pixels]) => void heard.push([id, width, height, textOf(pixels)]),
      'delete-texture': ([id]) => void heard.push(id),
    },
  });
  const idsOf = async (plugin: Plugin): Promise<number[]> => {
    const [bytes] = (await plugin.callWith('save_plugin_state', [])) as [Uint8Array];
    return Array.from({ length: bytes.length / 8 }, (_, i) => bytes[i * 8] ?? -1);
  };

  it('H7: has pixels that are all in memory, and is none where they are not', async () => {
    const heard: unknown[] = [];
    const body = make(`(func (export "notify_task_complete") (param i64 i32)
      ${texture(2, 1, 1024, 0, 1)} ${texture(1, 2, 1024, 1, 0)}
      ${texture(0, 1, 1024, 0, 0)} ${texture(-1, -1, 1024, 0, 0)} ${texture(2, 1, 131_069, 0, 0)}
      ${texture(2 ** 31 - 1, 2 ** 31 - 1, 1024, 1, 0)} ${texture(1, 1, -1, 0, 0)}
      (call $update (i64.const 7) (i32.const 1) (i32.const 1) (i32.const 1028) (i32.const 0))
      (call $update (i64.const 7) (i32.const 9) (i32.const 9999999) (i32.const 1028) (i32.const 0))
      (call $delete (i64.const 7)))`);
    const [plugin, logs] = await opened(body, app(heard));
    await does(plugin, 1n);
    assert.deepEqual(await idsOf(plugin), [7, 7, 0, 0, 0, 0, 0]);
    assert.deepEqual(heard, [
      [2, 1, '01234567', 'rgba8', true],
      [1, 2, '0123456789abcdef0123456789abcdef', 'rgba32', false],
      [7n, 1, 1, '4567'],
      7n,
    ]);
    assert.include(logs(), 'a texture was not made');
  });

  it('H7: has pixels of a buffer, from an offset on, as far as they are in that', async () => {
    const heard: unknown[] = [];
    const imports = `(${TYPES} "[constructor]shared-buffer" (func $buffer (param i64) (result i32)))
      (${TYPES} "[method]shared-buffer.write" (func $write (param i32 i64 i32 i32)))
      (${RENDER} "create-texture-buffer" (func $of (param i32 i32 i32 i32 i32 i32) (result i64)))
      (${RENDER} "update-texture-buffer" (func $renew (param i64 i32 i32 i32 i32 i32)))`;
    const body = make(
      `
      (func (export "notify_task_complete") (param i64 i32) (local $held i32)
        (local.set $held (call $buffer (i64.const 12)))
        (call $write (local.get $held) (i64.const 0) (i32.const 1024) (i32.const 12))
        (call $note (call $of (i32.const 1) (i32.const 2) (local.get $held) (i32.const 4) (i32.const 0) (i32.const 0)))
        (call $note (call $of (i32.const 1) (i32.const 2) (local.get $held) (i32.const 5) (i32.const 0) (i32.const 0)))
        (call $note (call $of (i32.const 1) (i32.const 2) (local.get $held) (i32.const -8) (i32.const 0) (i32.const 0)))
        (call $renew (i64.const 7) (i32.const 1) (i32.const 1) (local.get $held) (i32.const 0) (i32.const 0)))`,
      imports,
    );
    const [plugin] = await opened(body, app(heard));
    await does(plugin, 1n);
    assert.deepEqual(await idsOf(plugin), [7, 0, 0]);
    assert.deepEqual(heard, [
      [1, 2, '456789ab', 'rgba8', false],
      [7n, 1, 1, '0123'],
    ]);
  });
});
