import { html, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { ClocheElement, element } from '../element.ts';
import { styles } from './mark.styles.ts';

/**
 * The mark of Cloche: a dome on a line, with a leaf inside while what it covers is alive.
 * It is decoration unless it has a label.
 *
 * @cssproperty --cloche-accent - Colour of the leaf.
 * @cssproperty --cloche-killed - Colour of the line when the dome is empty.
 */
@element('cloche-mark')
export class ClocheMark extends ClocheElement {
  static override styles = [ClocheElement.styles, styles].flat();

  /** Whether something grows under the dome. */
  @property({ reflect: true }) state: 'alive' | 'killed' = 'alive';

  /** What a screen reader says; without it the mark is hidden from one. */
  @property() label = '';

  override render(): TemplateResult {
    return html`
      <svg
        viewBox="0 0 24 24"
        role=${this.label ? 'img' : nothing}
        aria-label=${this.label || nothing}
        aria-hidden=${this.label ? nothing : 'true'}
      >
        <path d="M5 19.5V12a7 7 0 0 1 14 0v7.5M12 5V3.2" />
        <circle cx="12" cy="2.6" r="0.9" />
        <path class="line" d="M2.5 19.5h19" />
        <path class="leaf" d="M12 19v-4.5m0 0c0-2.6 1.4-4.3 4-4.6 0 2.9-1.4 4.6-4 4.6Zm0 1.6c0-1.9-1.1-3.2-3.2-3.4 0 2.1 1.1 3.4 3.2 3.4Z" />
      </svg>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'cloche-mark': ClocheMark;
  }
}
