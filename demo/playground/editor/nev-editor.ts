// The text editor that plugins of Nev edit in: CodeMirror, and what it shows beside it. Comes late.

import { defaultKeymap, history, historyKeymap, redo, undo } from '@codemirror/commands';
import { EditorSelection, EditorState, type TransactionSpec } from '@codemirror/state';
import { drawSelection, EditorView, keymap, lineNumbers } from '@codemirror/view';
import { type Cursor, cursorAt, offsetOf, type Selection } from './positions.ts';
import { type RenderCommand, readCommands } from './render-commands.ts';
import { Textures } from './textures.ts';

const WELCOME = `Select some of this text, and run a command of a plugin:
the palette opens with Control, Shift and P (Command, Shift and P on a Mac).

The quick brown fox jumps over the lazy dog.
Falsches Üben von Xylophonmusik quält jeden größeren Zwerg.
`;

/** Of the one editor that there is. */
export const EDITOR = 1n;
export const DOCUMENT = 1n;

interface Anchor {
  readonly replica: number;
  readonly value: number;
  readonly offset: number;
  readonly bias: number;
}

/** A canvas of a plugin. */
export interface RenderView {
  readonly id: number;
  readonly plugin: string;
  userId: string;
  commands: readonly RenderCommand[];
  /** Calls the plugin, which then says what to draw. */
  render: (() => void) | undefined;
}

/** Tells its listeners of each `change` of what is shown beside the text. */
export class NevEditor extends EventTarget {
  readonly view: EditorView;
  readonly textures = new Textures();
  readonly #files = new Map<string, EditorState>();
  readonly #views = new Map<number, RenderView>();
  readonly #anchors = new Map<number, number>();
  #path = 'ws0://welcome.txt';
  #shown: RenderView | undefined;
  #revision = 0;
  #count = 0;
  modes: readonly string[] = ['normal'];

  constructor() {
    super();
    this.view = new EditorView({ state: this.#stateOf(WELCOME) });
  }

  get path(): string {
    return this.#path;
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  get revision(): number {
    return this.#revision;
  }

  /** What is shown beside the text. */
  get shown(): RenderView | undefined {
    return this.#shown;
  }

  /** Another file takes the place of the one that is open, which stays as it is. */
  open(path: string): void {
    this.#files.set(this.#path, this.view.state);
    this.#path = path;
    this.view.setState(this.#files.get(path) ?? this.#stateOf(''));
    this.#changed();
  }

  get selections(): Selection[] {
    const { doc, selection } = this.view.state;
    return selection.ranges.map(({ anchor, head }) => ({ first: cursorAt(doc, anchor), last: cursorAt(doc, head) }));
  }

  select(selections: readonly Selection[]): void {
    // By its contract an empty list changes nothing.
    if (selections.length === 0) return;
    const { doc } = this.view.state;
    const ranges = selections.map(({ first, last }) =>
      EditorSelection.range(offsetOf(doc, first), offsetOf(doc, last)),
    );
    this.view.dispatch({ selection: EditorSelection.create(ranges, ranges.length - 1), scrollIntoView: true });
  }

  /** All at once, so that one undo takes it back. @returns where the new texts are */
  edit(selections: readonly Selection[], contents: readonly string[], inclusive: boolean): Selection[] {
    const { doc } = this.view.state;
    const edits = selections.map(({ first, last }, index) => {
      const [from, to] = [offsetOf(doc, first), offsetOf(doc, last)].sort((a, b) => a - b) as [number, number];
      // One text for all, or one each.
      const insert = contents.length === 1 ? contents[0] : contents[index];
      return { from, to: inclusive ? Math.min(to + 1, doc.length) : to, insert: insert ?? '', index };
    });
    const inOrder = [...edits].sort((a, b) => a.from - b.from);
    const overlaps = inOrder.some(({ from }, i) => from < (inOrder[i - 1]?.to ?? 0));
    if (overlaps) return [...selections];
    this.#dispatch({ changes: inOrder.map(({ from, to, insert }) => ({ from, to, insert })) });
    let moved = 0;
    const places: Selection[] = [];
    for (const { from, to, insert, index } of inOrder) {
      const start = from + moved;
      const after = this.view.state.doc;
      places[index] = { first: cursorAt(after, start), last: cursorAt(after, start + insert.length) };
      moved += insert.length - (to - from);
    }
    return places;
  }

  insert(text: string): void {
    this.#dispatch(this.view.state.replaceSelection(text));
  }

  undo(): void {
    undo(this.view);
  }

  redo(): void {
    redo(this.view);
  }

  lineLength(line: number): number {
    const { doc } = this.view.state;
    if (line < 0 || line >= doc.lines) return 0;
    return cursorAt(doc, doc.line(line + 1).to).column;
  }

  scrollToCursor(): void {
    this.view.dispatch({ effects: EditorView.scrollIntoView(this.view.state.selection.main.head, { y: 'center' }) });
  }

  /** The first end stays after what is inserted there, the second before it. */
  createAnchors(selections: readonly Selection[]): (readonly [Anchor, Anchor])[] {
    return selections.map(({ first, last }) => [this.#anchor(first, 1), this.#anchor(last, 0)] as const);
  }

  resolveAnchors(anchors: readonly (readonly [Anchor, Anchor])[]): Selection[] {
    const { doc } = this.view.state;
    const cursorOf = ({ value }: Anchor): Cursor => cursorAt(doc, Math.min(this.#anchors.get(value) ?? 0, doc.length));
    return anchors.map(([first, last]) => ({ first: cursorOf(first), last: cursorOf(last) }));
  }

  newView(plugin: string): RenderView {
    const id = ++this.#count;
    const view: RenderView = { id, plugin, userId: '', commands: [], render: undefined };
    this.#views.set(id, view);
    return view;
  }

  /** Only the plugin's own. */
  viewOf(id: number, plugin: string): RenderView | undefined {
    const view = this.#views.get(id);
    return view?.plugin === plugin ? view : undefined;
  }

  viewNamed(userId: string, plugin: string): RenderView | undefined {
    return [...this.#views.values()].find((view) => view.plugin === plugin && view.userId === userId);
  }

  drop(view: RenderView): void {
    this.#views.delete(view.id);
    if (this.#shown === view) this.show(undefined);
  }

  show(view: RenderView | undefined): void {
    this.#shown = view;
    this.#changed();
    view?.render?.();
  }

  draw(view: RenderView, bytes: Uint8Array): void {
    view.commands = readCommands(bytes);
    if (view === this.#shown) this.#changed();
  }

  #anchor(cursor: Cursor, bias: number): Anchor {
    const offset = offsetOf(this.view.state.doc, cursor);
    const value = ++this.#count;
    this.#anchors.set(value, offset);
    // As many as anybody keeps.
    if (this.#anchors.size > 10_000) this.#anchors.delete(this.#anchors.keys().next().value ?? 0);
    return { replica: 1, value, offset, bias };
  }

  #dispatch(change: TransactionSpec): void {
    this.view.dispatch(this.view.state.update({ ...change, scrollIntoView: true }));
  }

  #stateOf(doc: string): EditorState {
    return EditorState.create({
      doc,
      extensions: [
        lineNumbers(),
        history(),
        drawSelection(),
        EditorState.allowMultipleSelections.of(true),
        EditorView.lineWrapping,
        keymap.of([...defaultKeymap, ...historyKeymap]),
        EditorView.contentAttributes.of({ 'aria-label': 'Text' }),
        EditorView.updateListener.of(({ docChanged, changes }) => {
          if (!docChanged) return;
          this.#revision++;
          for (const [id, offset] of this.#anchors) this.#anchors.set(id, changes.mapPos(offset, -1));
        }),
        EditorView.theme({
          '&': { height: '100%', color: 'var(--cloche-text)', backgroundColor: 'var(--cloche-raised)' },
          '.cm-scroller': { fontFamily: 'var(--cloche-mono)', fontSize: '13px', lineHeight: '20px' },
          '.cm-content': { caretColor: 'var(--cloche-text)' },
          '.cm-cursor': { borderLeftColor: 'var(--cloche-text)' },
          '.cm-gutters': { color: 'var(--cloche-subtle)', backgroundColor: 'var(--cloche-sunken)', border: 'none' },
          '.cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground': {
            backgroundColor: 'color-mix(in oklab, var(--cloche-accent) 30%, transparent)',
          },
          '&.cm-focused': { outline: '2px solid var(--cloche-accent)', outlineOffset: '-2px' },
        }),
      ],
    });
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'));
  }
}
