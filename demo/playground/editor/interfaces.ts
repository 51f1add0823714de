// What the playground implements of Nev's interfaces, as any app would: by the types of `nevCapabilities`. The editor itself comes with
// the first that is used.

import type { NevInterfaces, NevOptions } from '../../../src/index.ts';
import { loadChunk } from '../../../src/util/load-chunk.ts';
import type { NevEditor, RenderView } from './nev-editor.ts';

const EDITOR = 1n;
const DOCUMENT = 1n;

interface Caller {
  readonly plugin: { readonly id: string };
  readonly instance: { call(name: string, args: readonly (number | bigint)[]): Promise<unknown> };
  log(level: 'warn', text: string): void;
}

/** Loads the one editor of the page, once. */
export class LateEditor {
  #loading: Promise<NevEditor> | undefined;

  get(): Promise<NevEditor> {
    this.#loading ??= loadChunk(() => import('./nev-editor.ts')).then(({ NevEditor }) => new NevEditor());
    this.#loading.catch(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }
}

export function nevOptions(late: LateEditor): NevOptions {
  return {
    interfaces: { ...textInterfaces(late), ...drawingInterfaces(late) },
    commands: {
      'current-file-path': async () => (await late.get()).path,
      open: async (args) => {
        const path = args.trim().replace(/^"(.*)"$/s, '$1');
        (await late.get()).open(path);
        return path;
      },
      undo: async () => (await late.get()).undo(),
      redo: async () => (await late.get()).redo(),
    },
  };
}

function textInterfaces(late: LateEditor): NevInterfaces {
  /** For an editor that is none the answer is nothing. */
  const ofEditor = async <T>(id: bigint, nothing: T, use: (editor: NevEditor) => T): Promise<T> =>
    id === EDITOR ? use(await late.get()) : nothing;
  const doing = async (id: bigint, use: (editor: NevEditor) => void): Promise<void> => ofEditor(id, undefined, use);
  const ZERO = { line: 0, column: 0 };

  return {
    editor: {
      'active-editor': () => EDITOR,
      'get-document': ([id]) => (id === EDITOR ? DOCUMENT : undefined),
    },
    'text-editor': {
      'active-text-editor': () => EDITOR,
      'all-text-editors': () => [EDITOR],
      'as-text-editor': ([id]) => (id === EDITOR ? id : undefined),
      'as-text-document': ([id]) => (id === DOCUMENT ? id : undefined),
      'get-document': ([id]) => (id === EDITOR ? DOCUMENT : undefined),
      content: ([id]) => ofEditor(id, '', ({ text }) => text),
      'get-revision': ([id]) => ofEditor(id, 0, ({ revision }) => revision),
      'line-length': ([id, line]) => ofEditor(id, 0, (editor) => editor.lineLength(line)),
      'get-selection': ([id]) =>
        ofEditor(id, { first: ZERO, last: ZERO }, ({ selections }) => selections.at(-1) ?? { first: ZERO, last: ZERO }),
      'get-selections': ([id]) => ofEditor(id, [], ({ selections }) => selections),
      'set-selection': ([id, selection]) => doing(id, (editor) => editor.select([selection])),
      'set-selections': ([id, selections]) => doing(id, (editor) => editor.select(selections)),
      edit: ([id, selections, contents, inclusive]) =>
        ofEditor(id, [...selections], (editor) => editor.edit(selections, contents, inclusive)),
      'insert-text': ([id, text]) => doing(id, (editor) => editor.insert(text)),
      undo: ([id]) => doing(id, (editor) => editor.undo()),
      redo: ([id]) => doing(id, (editor) => editor.redo()),
      mode: ([id]) => ofEditor(id, '', ({ modes }) => modes.at(-1) ?? ''),
      modes: ([id]) => ofEditor(id, [], ({ modes }) => [...modes]),
      'set-mode': ([id, mode, exclusive]) =>
        doing(id, (editor) => {
          editor.modes = exclusive ? [mode] : [...editor.modes.filter((other) => other !== mode), mode].slice(-16);
        }),
      'create-anchors': ([id, selections]) => ofEditor(id, [], (editor) => editor.createAnchors(selections)),
      'resolve-anchors': ([id, anchors]) => ofEditor(id, [], (editor) => editor.resolveAnchors(anchors)),
      'scroll-to-cursor': ([id]) => doing(id, (editor) => editor.scrollToCursor()),
      // There is one column to keep, and it is CodeMirror's own; nothing completes anything here.
      'update-target-column': () => undefined,
      'hide-completions': () => undefined,
    },
    'text-document': {
      content: ([id]) => ofEditor(id, '', ({ text }) => text),
      path: ([id]) => ofEditor(id, '', ({ path }) => path),
    },
  };
}

function drawingInterfaces(late: LateEditor): NevInterfaces {
  const find = async (id: number, { plugin }: Caller): Promise<{ editor: NevEditor; view: RenderView | undefined }> => {
    const editor = await late.get();
    return { editor, view: editor.viewOf(id, plugin.id) };
  };
  const drawing = async (id: number, bytes: Uint8Array, caller: Caller): Promise<void> => {
    const { editor, view } = await find(id, caller);
    if (view) editor.draw(view, bytes);
  };
  const size = async () => {
    const { width, height } = (await late.get()).view.dom.getBoundingClientRect();
    return { x: width, y: height };
  };

  return {
    layout: {
      show: async ([id, _slot, focus], caller) => {
        const { editor, view } = await find(id, caller);
        if (view) editor.show(view);
        if (focus) editor.view.focus();
      },
      close: async ([id], caller) => {
        const { editor, view } = await find(id, caller);
        if (view && editor.shown === view) editor.show(undefined);
      },
      focus: async () => (await late.get()).view.focus(),
      'close-active-view': async () => (await late.get()).show(undefined),
    },
    render: {
      '[constructor]render-view': async (_args, { plugin }) => (await late.get()).newView(plugin.id).id,
      '[static]render-view.from-user-id': async ([userId], { plugin }) =>
        (await late.get()).viewNamed(userId, plugin.id)?.id,
      '[static]render-view.from-view': async ([id], { plugin }) => (await late.get()).viewOf(id, plugin.id)?.id,
      // A view of the layout has the number of what it shows.
      '[method]render-view.view': ([id]) => id,
      '[method]render-view.id': ([id]) => id,
      '[method]render-view.size': size,
      '[method]render-view.set-render-commands': ([id, bytes], caller) => drawing(id, bytes, caller),
      '[method]render-view.set-render-commands-raw': ([id, bytes], caller) => drawing(id, bytes, caller),
      '[method]render-view.set-user-id': async ([id, userId], caller) => {
        const { view } = await find(id, caller);
        if (view) view.userId = userId;
      },
      '[method]render-view.get-user-id': async ([id], caller) => (await find(id, caller)).view?.userId ?? '',
      '[method]render-view.set-render-callback': async ([id, fun, data], caller: Caller) => {
        const { view } = await find(id, caller);
        if (!view) return;
        view.render = () => {
          caller.instance.call('handle_view_render_callback', [id, fun, data]).catch((thrown: unknown) => {
            caller.log('warn', `\`handle_view_render_callback\`: ${String(thrown)}`);
          });
        };
      },
      '[method]render-view.mark-dirty': async ([id], caller) => {
        const { editor, view } = await find(id, caller);
        if (view && editor.shown === view) view.render?.();
      },
      'create-texture': async ([width, height, pixels, format], owner) =>
        BigInt((await late.get()).textures.make(owner, width, height, pixels, format)),
      'update-texture': async ([id, width, height, pixels, format], { plugin }) =>
        (await late.get()).textures.update(Number(id), plugin.id, width, height, pixels, format),
      'delete-texture': async ([id], { plugin }) => (await late.get()).textures.delete(Number(id), plugin.id),
      // It is drawn when it has changed, and at no other time.
      '[method]render-view.set-render-interval': () => undefined,
      '[method]render-view.set-render-when-inactive': () => undefined,
      '[method]render-view.set-prevent-throttling': () => undefined,
      '[resource-drop]render-view': async ([id], caller) => {
        const { editor, view } = await find(id, caller);
        if (view) editor.drop(view);
      },
    },
  };
}
