import { html, nothing, type PropertyValues } from 'lit';
import { property, state } from 'lit/decorators.js';
import { controls } from '../../../src/elements/base.styles.ts';
import { ClocheElement, element } from '../../../src/elements/element.ts';
import { failureOf } from '../failure.ts';
import { styles } from './editor.styles.ts';
import type { LateEditor } from './interfaces.ts';
import type { NevEditor } from './nev-editor.ts';
import { draw } from './render-commands.ts';

/** A text to edit with plugins of Nev, and what they draw beside it. */
@element('playground-editor')
export class PlaygroundEditor extends ClocheElement {
  static override styles = [ClocheElement.styles, controls, styles].flat();

  @property({ attribute: false }) late: LateEditor | undefined;

  @state() private editor: NevEditor | undefined;
  @state() private problem = '';

  #handleChange = (): void => this.requestUpdate();

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.editor?.removeEventListener('change', this.#handleChange);
    this.editor = undefined;
  }

  async #load(): Promise<void> {
    try {
      await this.updateComplete;
      const editor = await this.late?.get();
      if (!editor || !this.isConnected) return;
      // CodeMirror puts its styles where it is shown.
      editor.view.setRoot(this.renderRoot as ShadowRoot);
      editor.addEventListener('change', this.#handleChange);
      this.editor = editor;
    } catch (thrown) {
      this.problem = failureOf(thrown).message;
    }
  }

  protected override updated(_changed: PropertyValues<this>): void {
    const { editor } = this;
    const place = this.renderRoot.querySelector('.text');
    if (editor && place && editor.view.dom.parentNode !== place) place.append(editor.view.dom);
    const canvas = this.renderRoot.querySelector('canvas');
    const { shown } = editor ?? {};
    if (canvas && editor && shown) draw(canvas, shown.commands, (id) => editor.textures.get(id, shown.plugin));
  }

  override render() {
    const { editor, problem } = this;
    if (problem) return html`<p role="alert">${problem}</p>`;
    if (!editor) return html`<p class="subtle">Loading the editor</p>`;
    const { shown } = editor;
    return html`
      <div class="panes">
        <div class="head">
          <span class="mono theirs">${editor.path}</span>
          <button type="button" @click=${() => this.dispatchEvent(new Event('playground-commands', { bubbles: true, composed: true }))}>
            Commands
          </button>
        </div>
        <div class="text"></div>
        ${shown ? html`<canvas role="img" aria-label="What ${shown.plugin} draws"></canvas>` : nothing}
      </div>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'playground-editor': PlaygroundEditor;
  }
}
