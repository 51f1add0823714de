import { html, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { styleMap } from 'lit/directives/style-map.js';
import { bar } from '../bar.styles.ts';
import { ClocheElement, element } from '../element.ts';
import { formatTimeUse, formatUse } from '../format.ts';
import { styles } from './limit-bar.styles.ts';

/** From this share of a limit on the bar warns. */
const NEAR = 0.8;

/**
 * How much of one limit is used: a line such as `Memory 12.4 of 64 MiB` above a thin bar.
 *
 * @cssproperty --cloche-accent - The bar.
 * @cssproperty --cloche-near - The bar from 80 % on.
 * @cssproperty --cloche-killed - The bar of the limit that ended a call.
 */
@element('cloche-limit-bar')
export class ClocheLimitBar extends ClocheElement {
  static override styles = [ClocheElement.styles, bar, styles].flat();

  /** What is limited, such as `Memory`. */
  @property() label = '';

  /** Whether `used` and `cap` are bytes or milliseconds. */
  @property() unit: 'bytes' | 'ms' = 'bytes';

  /** What is used now; undefined when nothing was measured. */
  @property({ type: Number }) used: number | undefined;

  /** The limit itself. */
  @property({ type: Number }) cap = 0;

  /** Whether reaching this limit ended the plugin's last call. */
  @property({ type: Boolean, reflect: true }) killed = false;

  /** What is said of it, in the language of the page. @default in English, by `unit` */
  @property({ attribute: false }) value = '';

  /** What is said near the limit, likewise. */
  @property({ attribute: false }) note = '';

  override render(): TemplateResult {
    const share = this.#share;
    const tone = this.killed ? 'killed' : share >= NEAR ? 'near' : '';
    const note = this.note || (this.killed ? 'killed here' : share >= 1 ? 'at the limit' : 'near the limit');
    const value = this.value || this.#value;
    return html`
      <div class=${tone}>
        <div class="row">
          <span>${this.label}</span>
          ${tone ? html`<span class="note">${note}</span>` : nothing}
          <bdi class="value">${value}</bdi>
        </div>
        <div
          class="track"
          role="meter"
          aria-label=${this.label}
          aria-valuemin="0"
          aria-valuemax=${this.cap}
          aria-valuenow=${Math.min(this.used ?? 0, this.cap)}
          aria-valuetext=${value}
        >
          <div class="fill ${share > 0 ? '' : 'empty'}" style=${styleMap({ width: `${share * 100}%` })}></div>
        </div>
      </div>
    `;
  }

  get #share(): number {
    if (this.used === undefined || this.cap <= 0) return 0;
    return Math.min(1, this.used / this.cap);
  }

  get #value(): string {
    if (this.unit === 'ms') return formatTimeUse(this.used ?? 0, this.cap);
    return formatUse(this.used ?? 0, this.cap);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'cloche-limit-bar': ClocheLimitBar;
  }
}
