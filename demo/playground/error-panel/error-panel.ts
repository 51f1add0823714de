import { html, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import { codeSpans } from '../../../src/elements/code-spans.ts';
import { ClocheElement, element } from '../../../src/elements/element.ts';
import { count } from '../../../src/elements/format.ts';
import type { Failure } from '../failure.ts';
import { styles } from './error-panel.styles.ts';

/** Deeper recursion repeats itself. */
const SHOWN_FRAMES = 50;

/** An error: its code, what happened, what helps, and apart from that, marked, the plugin's own words. */
@element('playground-error-panel')
export class ErrorPanel extends ClocheElement {
  static override styles = [ClocheElement.styles, styles].flat();

  @property({ attribute: false }) failure: Failure | undefined;

  override render() {
    const { failure } = this;
    if (!failure) return nothing;
    return html`
      <div class="head">
        <span class="code">${failure.code ?? 'UNEXPECTED'}</span>
        ${failure.exitCode === undefined ? nothing : html`<span class="subtle">returned ${failure.exitCode}</span>`}
      </div>
      <p class="message theirs">${codeSpans(failure.message)}</p>
      ${failure.detail ? this.#renderWords(failure.detail, failure.code) : nothing}
      <p class="subtle">${codeSpans(failure.help)}</p>
      ${failure.wasmStack.length > 0 ? this.#renderStack(failure.wasmStack) : nothing}
    `;
  }

  #renderWords(words: string, code: Failure['code']) {
    const isTrap = code === 'TRAP' || code === 'OUT_OF_MEMORY';
    return html`
      <figure>
        <figcaption>${isTrap ? 'As the engine reports it' : "In the plugin's own words"}</figcaption>
        <blockquote class="theirs" tabindex="0" dir="auto">${words}</blockquote>
      </figure>
    `;
  }

  #renderStack(frames: readonly string[]) {
    return html`
      <details>
        <summary>Where it trapped, ${count(frames.length, 'frame')}</summary>
        <ol tabindex="0" aria-label="Frames, innermost first">${frames.slice(0, SHOWN_FRAMES).map((frame) => html`<li>${frame}</li>`)}</ol>
      </details>
    `;
  }
}
