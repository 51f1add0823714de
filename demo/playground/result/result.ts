import { html, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import { TEXT_BYTES, theirs } from '../../../src/elements/admin/base/theirs.ts';
import { ClocheElement, element } from '../../../src/elements/element.ts';
import { count, formatBytes, formatMs } from '../../../src/elements/format.ts';
import '../../../src/elements/mark/mark.ts';
import '../error-panel/error-panel.ts';
import { hasEndedInstance } from '../failure.ts';
import '../output/output.ts';
import '../frame-strip/frame-strip.ts';
import { type CallReport, verdict } from '../call-report.ts';
import { styles } from './result.styles.ts';

/** Shorter calls leave too few frames for a heartbeat to say anything; after a kill it is always of interest. */
const LONG_MS = { ended: 100, answered: 300 };

/** How a call went: the answer, or what ended it and how soon the plugin is ready again. */
@element('playground-result')
export class PlaygroundResult extends ClocheElement {
  static override styles = [ClocheElement.styles, styles].flat();

  @property({ attribute: false }) report: CallReport | undefined;

  override render() {
    const { report } = this;
    if (!report) return this.#renderEmpty();
    const { outcome } = report;
    const hasEnded = outcome.kind === 'failed' && hasEndedInstance(outcome.failure);
    return html`
      <section class="panel ${hasEnded ? 'ended' : ''}" aria-label="Result">
        <div class="verdict">
          <cloche-mark state=${hasEnded ? 'killed' : 'alive'}></cloche-mark>
          <div>
            <h2>${verdict(report)}</h2>
            <p class="facts">${this.#facts(report)}</p>
          </div>
        </div>
        ${report.elapsedMs > (hasEnded ? LONG_MS.ended : LONG_MS.answered) ? html`<playground-frame-strip .reading=${report.frameTimes}></playground-frame-strip>` : nothing}
        ${outcome.kind === 'answered' && outcome.response ? renderHeaders(outcome.response.headers) : nothing}
        ${outcome.kind === 'answered' ? html`<playground-output .bytes=${outcome.output}></playground-output>` : nothing}
        ${outcome.kind === 'failed' ? html`<playground-error-panel .failure=${outcome.failure}></playground-error-panel>` : nothing}
      </section>
    `;
  }

  #renderEmpty() {
    return html`
      <div class="empty">
        <cloche-mark></cloche-mark>
        <p class="subtle">Nothing was run here yet. Run shows its output, its time and its memory here.</p>
      </div>
    `;
  }

  #facts(report: CallReport): string {
    const { outcome, title, elapsedMs, deadlineMs } = report;
    if (outcome.kind === 'running')
      return `${title} · ${formatMs(elapsedMs)} of ${formatMs(deadlineMs)}, then it is killed`;
    if (outcome.kind === 'failed') return `${title} · its deadline is ${formatMs(deadlineMs)}`;
    if (!outcome.stats) return title;
    const { inputBytes, outputBytes, hostCallMs } = outcome.stats;
    const calls = report.hostCalls.length;
    return [
      title,
      `${formatBytes(inputBytes)} in`,
      `${formatBytes(outputBytes)} out`,
      calls > 0 ? `${formatMs(hostCallMs)} of it in ${count(calls, 'host call')}` : 'no host calls',
    ].join(' · ');
  }
}

/** Words of the plugin, as its response carries them. */
function renderHeaders(headers: readonly (readonly [string, string])[]) {
  if (headers.length === 0) return nothing;
  return html`
    <dl aria-label="Headers of the response">
      ${headers.map(([name, value]) => html`<dt>${theirs(name)}</dt><dd>${theirs(value, TEXT_BYTES)}</dd>`)}
    </dl>
  `;
}
