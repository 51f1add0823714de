import { html, nothing, type PropertyValues } from 'lit';
import { property, state } from 'lit/decorators.js';
import { controls } from '../../../src/elements/base.styles.ts';
import { ClocheElement, element } from '../../../src/elements/element.ts';
import { formatBytes } from '../../../src/elements/format.ts';
import '../../../src/elements/tabs/tabs.ts';
import type { TabEvent } from '../../../src/elements/tabs/tabs.ts';
import { hexRows } from '../hex.ts';
import { bestView, type Reading, readJson, readText, SHOWN_HEX, SHOWN_TEXT, type View } from '../reading.ts';
import { styles } from './output.styles.ts';

const VIEWS = [
  { id: 'text', label: 'Text' },
  { id: 'json', label: 'JSON' },
  { id: 'hex', label: 'Hex' },
] as const;

/** A phone fits half a row. */
const NARROW = matchMedia('(max-width: 640px)');

/** What a plugin returned: hostile bytes, shown as text and never as markup, and only so many of them. */
@element('playground-output')
export class PlaygroundOutput extends ClocheElement {
  static override styles = [ClocheElement.styles, controls, styles].flat();

  @property({ attribute: false }) bytes: Uint8Array = new Uint8Array();

  @state() private view: View = 'text';
  @state() private copy: 'Copy' | 'Copied' | 'Not allowed' = 'Copy';
  #readings: Record<'text' | 'json', Reading> = { text: { ok: true, text: '' }, json: { ok: true, text: '' } };

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('bytes')) return;
    this.view = bestView(this.bytes);
    this.copy = 'Copy';
    this.#readings = { text: readText(this.bytes), json: readJson(this.bytes) };
  }

  #copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(this.#visibleText);
      this.copy = 'Copied';
    } catch {
      // A page that is not served safely, or a user, may refuse the clipboard. The button says so.
      this.copy = 'Not allowed';
    }
  };

  #save = (): void => {
    // As octets, so that no browser shows a plugin's bytes as a page of this origin.
    const url = URL.createObjectURL(new Blob([this.bytes.slice()], { type: 'application/octet-stream' }));
    const link = Object.assign(document.createElement('a'), { href: url, download: 'output.bin' });
    link.click();
    URL.revokeObjectURL(url);
  };

  get #visibleText(): string {
    if (this.view === 'hex') return this.#rows.map((row) => `${row.offset}  ${row.bytes}  ${row.text}`).join('\n');
    const reading = this.#readings[this.view];
    return reading.ok ? reading.text : '';
  }

  get #rows() {
    return hexRows(this.bytes.subarray(0, SHOWN_HEX), NARROW.matches ? 8 : 16);
  }

  override render() {
    if (this.bytes.length === 0) return html`<p class="note">It returned nothing: 0 bytes.</p>`;
    return html`
      <cloche-tabs
        label="Output"
        .tabs=${VIEWS}
        .value=${this.view}
        @cloche-tab=${(event: TabEvent) => {
          this.view = event.tab as View;
        }}
      >
        <div slot="actions" class="actions">
          <button type="button" class="quiet" @click=${this.#copy}>${this.copy}</button>
          <button type="button" class="quiet" @click=${this.#save}>Save</button>
        </div>
        <div slot="text">${this.view === 'text' ? this.#renderText(this.#readings.text) : nothing}</div>
        <div slot="json">${this.view === 'json' ? this.#renderText(this.#readings.json) : nothing}</div>
        <div slot="hex">${this.view === 'hex' ? this.#renderHex() : nothing}</div>
      </cloche-tabs>
    `;
  }

  #renderText(reading: Reading) {
    if (!reading.ok) return html`<p class="note">${reading.why}</p>`;
    return html`
      <pre tabindex="0" role="region" aria-label="Output" dir="auto">${reading.text}</pre>
      ${this.#renderCut(SHOWN_TEXT)}
    `;
  }

  #renderHex() {
    return html`
      <div class="dump" tabindex="0" role="region" aria-label="Output in hex">
        <table>
          ${this.#rows.map((row) => html`<tr><td class="subtle">${row.offset}</td><td>${row.bytes}</td><td>${row.text}</td></tr>`)}
        </table>
      </div>
      ${this.#renderCut(SHOWN_HEX)}
    `;
  }

  #renderCut(shown: number) {
    if (this.bytes.length <= shown) return nothing;
    return html`<p class="cut small subtle">The first ${formatBytes(shown)} of ${formatBytes(this.bytes.length)}. Save has all of it.</p>`;
  }
}
