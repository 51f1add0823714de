// The editor of the playground, used by a real plugin through the interfaces that the playground implements.

import { assert } from 'chai';
import { html } from 'lit';
import { LateEditor, nevOptions } from '../../demo/playground/editor/interfaces.ts';
import '../../demo/playground/editor/editor.ts';
import type { PlaygroundEditor } from '../../demo/playground/editor/editor.ts';
import { defaultCapabilities, type Host, nevCapabilities } from '../../src/index.ts';
import { DEFINE_COMMAND, define, nevGuest, RUN_COMMAND } from '../dialects/nev/nev-guest.ts';
import { assertAccessible } from '../helpers/axe.ts';
import { closeHosts, makeHost, uniqueStorage } from '../helpers/hosts.ts';
import { find, renderElement, settled, until } from '../helpers/render.ts';

const late = new LateEditor();
const at = (line: number, from: number, to: number) => ({
  first: { line, column: from },
  last: { line, column: to },
});

after(closeHosts);

async function hostWith(source: Parameters<Host['install']>[0]): Promise<Host> {
  const storage = uniqueStorage();
  const capabilities = [...defaultCapabilities({ storage }), ...(await nevCapabilities(nevOptions(late)))];
  const host = await makeHost({ storage, serviceWorker: '/cloche-sw.js', capabilities });
  await host.install(source);
  return host;
}

describe('<playground-editor>', () => {
  it('passes the axe checks, and is edited by a plugin in several places, which one undo takes back', async function () {
    // The first to want CodeMirror and the worker of Nev, which the server makes then: beside other browsers that takes its time.
    this.timeout(60_000);
    const element = await renderElement<PlaygroundEditor>(html`<playground-editor .late=${late}></playground-editor>`);
    await until(() => element.shadowRoot?.querySelector('.cm-content') !== null, 'its text');
    await assertAccessible(element);
    const editor = await late.get();
    const before = editor.text;
    const zip = await (await fetch('/plugins/case/dist/case.zip')).blob();
    const host = await hostWith(new File([zip], 'case.zip'));
    editor.select([at(3, 4, 9), at(4, 9, 14)]);
    await host.run('case.upper', '', { load: 'wait-and-run' });
    assert.include(editor.text, 'The QUICK brown');
    assert.include(editor.text, 'Falsches ÜBEN von');
    assert.deepEqual(editor.selections, [at(3, 4, 9), at(4, 9, 14)]);
    editor.undo();
    assert.equal(editor.text, before);
  });

  it('draws what a plugin says, when it is shown and when that changes', async () => {
    const element = await renderElement<PlaygroundEditor>(html`<playground-editor .late=${late}></playground-editor>`);
    const render = 'import "nev:plugins/render"';
    const body = `${DEFINE_COMMAND} ${RUN_COMMAND}
      (${render} "[constructor]render-view" (func $view (result i32)))
      (${render} "[method]render-view.view" (func $number (param i32) (result i32)))
      (${render} "[method]render-view.set-render-commands" (func $draw (param i32 i32 i32)))
      (${render} "create-texture" (func $texture (param i32 i32 i32 i32 i32) (result i64)))
      (${render} "[method]render-view.set-render-callback" (func $callback (param i32 i32 i32)))
      (import "nev:plugins/layout" "show" (func $show (param i32 i32 i32 i32 i32)))
      (global $own (mut i32) (i32.const 0))
      (data (i32.const 0) "draw")
      (data (i32.const 100) "\\02\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\20\\42\\00\\00\\20\\42\\00\\00\\80\\3f\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\80\\3f\\00")
      (data (i32.const 134) "\\03\\00\\00\\20\\42\\00\\00\\00\\00\\00\\00\\20\\42\\00\\00\\20\\42\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\80\\3f\\00\\00\\80\\3f\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00")
      (data (i32.const 200) "\\00\\00\\ff\\ff")
      (func (export "handle_command") (param i32 i32 i32 i32) (result i32)
        (global.set $own (call $view))
        (i32.store8 (i32.const 183) (i32.wrap_i64
          (call $texture (i32.const 1) (i32.const 1) (i32.const 200) (i32.const 0) (i32.const 0))))
        (call $callback (global.get $own) (i32.const 5) (i32.const 6))
        (call $show (call $number (global.get $own)) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))
        (i32.const 256))
      (func (export "handle_view_render_callback") (param i32 i32 i32)
        (if (i32.eq (i32.add (local.get 1) (local.get 2)) (i32.const 11))
          (then (call $draw (global.get $own) (i32.const 100) (i32.const 85)))))`;
    const manifest = '{ "name": "drawing", "wasm": "drawing.m.wasm" }';
    const host = await hostWith({ wasm: await nevGuest({ body, init: define(0, 4, 1) }), manifest });
    await host.run('drawing.draw');
    const editor = await late.get();
    await until(() => (editor.shown?.commands.length ?? 0) > 0, 'what the plugin draws');
    await settled(element.parentElement ?? document);
    const canvas = find<HTMLCanvasElement>(element, 'canvas');
    await until(() => (canvas.getContext('2d')?.getImageData(5, 5, 1, 1).data[0] ?? 0) === 255, 'a red square');
    await until(() => (canvas.getContext('2d')?.getImageData(60, 20, 1, 1).data[2] ?? 0) === 255, 'a blue picture');
    editor.show(undefined);
  });

  it('opens another file, and says which one is open', async () => {
    const editor = await late.get();
    const { commands } = nevOptions(late);
    const context = { plugin: {}, signal: new AbortController().signal } as never;
    const first = editor.path;
    await commands?.open?.('"ws0://other.txt"', context);
    assert.equal(await commands?.['current-file-path']?.('', context), 'ws0://other.txt');
    assert.equal(editor.text, '');
    editor.insert('x');
    editor.open(first);
    assert.include(editor.text, 'quick brown');
    editor.open('ws0://other.txt');
    assert.equal(editor.text, 'x');
    editor.open(first);
  });
});
