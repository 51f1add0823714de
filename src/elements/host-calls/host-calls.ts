import { html, nothing, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { styleMap } from 'lit/directives/style-map.js';
import type { HostCallRecord } from '../../events.ts';
import { ClocheElement, element } from '../element.ts';
import { count, formatBytes, formatMs } from '../format.ts';
import { styles } from './host-calls.styles.ts';

/** A plugin can make thousands of host calls in one call of its own. */
const SHOWN = 100;

/**
 * What a plugin asked the page to do, in the order it asked, with the time each answer took.
 *
 * @slot - What to say when there was none.
 * @cssproperty --cloche-host-calls-height - Height from which the rows scroll; 240px.
 */
@element('cloche-host-calls')
export class ClocheHostCalls extends ClocheElement {
  static override styles = [ClocheElement.styles, styles].flat();

  /** The host calls, oldest first. */
  @property({ attribute: false }) records: readonly HostCallRecord[] = [];

  /** Name of the table for screen readers. */
  @property() label = 'Host calls';

  override render(): TemplateResult {
    if (this.records.length === 0) return html`<p class="subtle"><slot>No host calls.</slot></p>`;
    const shown = this.records.slice(-SHOWN);
    const cut = this.records.length - shown.length;
    const longest = Math.max(...shown.map((record) => record.durationMs));
    return html`
      ${cut > 0 ? html`<p class="subtle small">${count(cut, 'earlier call')} not shown</p>` : nothing}
      <div class="scroll" role="region" aria-label=${this.label} tabindex="0">
        <table>
          <thead>
            <tr>
              <th scope="col">Function</th>
              <th scope="col">Sent</th>
              <th scope="col">Got</th>
              <th scope="col">Took</th>
            </tr>
          </thead>
          <tbody>
            ${shown.map((record) => this.#renderRow(record, longest))}
          </tbody>
        </table>
      </div>
    `;
  }

  #renderRow(record: HostCallRecord, longest: number) {
    const failed = record.outcome !== 'ok';
    const share = longest > 0 ? record.durationMs / longest : 0;
    return html`
      <tr class=${failed ? 'failed' : ''}>
        <td>
          <bdi>${record.capability}</bdi> · <bdi>${record.name}</bdi>
          ${record.leasedCalls === undefined ? nothing : html`× ${record.leasedCalls}`}
          ${failed ? html`<span class="code">${record.outcome}</span>` : nothing}
        </td>
        <td>${formatBytes(record.requestBytes)}</td>
        <td>${failed ? '–' : formatBytes(record.answerBytes)}</td>
        <td class="took">
          ${formatMs(record.durationMs)}
          <span class="bar" style=${styleMap({ width: `${share * 100}%` })}></span>
        </td>
      </tr>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'cloche-host-calls': ClocheHostCalls;
  }
}
