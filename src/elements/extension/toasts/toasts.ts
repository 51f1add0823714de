import { html, nothing, svg, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { ShowToast, ToastVariant } from '../../../manifest/page-messages.ts';
import { controls } from '../../base.styles.ts';
import { ClocheElement, element } from '../../element.ts';
import { pageWords } from '../words/page-words.ts';
import { styles } from './toasts.styles.ts';

interface ShownToast extends ShowToast {
  readonly key: number;
}

const SHAPES: Record<ToastVariant, ReturnType<typeof svg>> = {
  info: svg`<circle cx="8" cy="8" r="6.5" /><path d="M8 7.5v4M8 5v.01" />`,
  success: svg`<circle cx="8" cy="8" r="6.5" /><path d="m5 8.2 2.1 2.1L11 6" />`,
  warning: svg`<path d="M8 1.8 14.8 14H1.2ZM8 6.5v3.2M8 12v.01" />`,
  error: svg`<path d="M5.3 1.5h5.4l3.8 3.8v5.4l-3.8 3.8H5.3l-3.8-3.8V5.3ZM6 6l4 4m0-4-4 4" />`,
};

/** At once; the newest stay. */
const MOST_SHOWN = 3;
/** In any stretch of this many ms. */
const MOST_WITHIN = 10;
const WITHIN_MS = 10_000;

/** What a plugin's page says in passing: text under the name of the plugin, for a few seconds. Part of `<cloche-extension>`. */
@element('cloche-plugin-toasts')
export class PluginToasts extends ClocheElement {
  static override styles = [ClocheElement.styles, controls, styles].flat();

  /** What the plugin calls itself. */
  @property() pluginName = '';

  readonly #words = pageWords(this);
  @state() private shown: readonly ShownToast[] = [];
  @state() private spoken = '';
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();
  #times: number[] = [];
  #nextKey = 0;

  /** Shows a toast, unless there were too many of late. */
  show(toast: ShowToast): void {
    const now = performance.now();
    this.#times = this.#times.filter((time) => now - time < WITHIN_MS);
    if (this.#times.length >= MOST_WITHIN) return;
    this.#times.push(now);
    const shown = { ...toast, key: this.#nextKey++ };
    for (const { key } of this.shown.slice(0, -(MOST_SHOWN - 1))) this.#remove(key);
    this.shown = [...this.shown, shown];
    this.spoken = this.#words.say('page.toast.spoken', {
      plugin: this.pluginName,
      kind: this.#kindOf(toast),
      text: toast.message,
    });
    this.#countDown(shown);
  }

  /** Takes all away. */
  clear(): void {
    for (const { key } of this.shown) this.#remove(key);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.clear();
  }

  /** Who reads, or is about to close one, gets the time for it. */
  #handleHold = (): void => {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  };

  #handleLetGo = (): void => {
    for (const toast of this.shown) this.#countDown(toast);
  };

  #countDown({ key, durationMs }: ShownToast): void {
    clearTimeout(this.#timers.get(key));
    this.#timers.set(
      key,
      setTimeout(() => this.#remove(key), durationMs),
    );
  }

  #remove(key: number): void {
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
    this.shown = this.shown.filter((toast) => toast.key !== key);
    // The same words again are news again.
    if (this.shown.length === 0) this.spoken = '';
  }

  override render(): TemplateResult {
    return html`
      <p class="hidden-text" role="status">${this.spoken}</p>
      <ul
        @pointerenter=${this.#handleHold}
        @pointerleave=${this.#handleLetGo}
        @focusin=${this.#handleHold}
        @focusout=${this.#handleLetGo}
      >
        ${repeat(
          this.shown,
          ({ key }) => key,
          (toast) => this.#renderToast(toast),
        )}
      </ul>
    `;
  }

  #kindOf({ variant }: Pick<ShowToast, 'variant'>): string {
    return this.#words.say(`page.toast.${variant}`);
  }

  #renderToast({ key, variant, message }: ShownToast) {
    return html`
      <li class=${variant}>
        <svg viewBox="0 0 16 16" role="img" aria-label=${this.#kindOf({ variant })}>${SHAPES[variant]}</svg>
        <div>
          <p class="small subtle"><bdi>${this.pluginName}</bdi></p>
          ${message ? html`<p class="theirs message" dir="auto">${message}</p>` : nothing}
        </div>
        <button type="button" class="quiet" aria-label=${this.#words.say('page.toast.dismiss')} @click=${() => this.#remove(key)}>
          <svg viewBox="0 0 16 16" aria-hidden="true"><path d="m4 4 8 8m0-8-8 8" /></svg>
        </button>
      </li>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'cloche-plugin-toasts': PluginToasts;
  }
}
