import { html, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { LogRecord } from '../../events.ts';
import { ClocheElement, element } from '../element.ts';
import { count, formatClock } from '../format.ts';
import { styles } from './log-view.styles.ts';

/** A plugin may log 1000 lines a minute; nobody reads more than the newest, and the page stays quick. */
const SHOWN = 200;

/**
 * The log of a plugin, newest line first. Levels have a word, a shape and a colour.
 *
 * @slot - What to say when there is no line.
 * @cssproperty --cloche-log-height - Height from which the lines scroll; 240px.
 */
@element('cloche-log-view')
export class ClocheLogView extends ClocheElement {
  static override styles = [ClocheElement.styles, styles].flat();

  /** The lines, oldest first. */
  @property({ attribute: false }) records: readonly LogRecord[] = [];

  /** Name of the list for screen readers. */
  @property() label = 'Log';

  override render(): TemplateResult {
    if (this.records.length === 0) return html`<p class="subtle"><slot>Nothing was logged.</slot></p>`;
    const newest = this.records.slice(-SHOWN).reverse();
    const cut = this.records.length - newest.length;
    return html`
      <div class="lines" role="region" aria-label=${this.label} tabindex="0">
        <ol>
          ${repeat(
            newest,
            (record) => record,
            (record) => this.#renderLine(record),
          )}
        </ol>
        ${cut > 0 ? html`<p class="subtle">${count(cut, 'older line')} not shown</p>` : nothing}
      </div>
    `;
  }

  #renderLine(record: LogRecord) {
    return html`
      <li class="${record.level} ${record.source}">
        <span class="level">${record.level}</span>
        <span class="meta">${record.source === 'plugin' ? nothing : record.source} ${formatClock(record.time)}</span>
        <span class="text theirs">${record.text}</span>
      </li>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'cloche-log-view': ClocheLogView;
  }
}
