import { html, nothing } from 'lit';
import { property } from 'lit/decorators.js';
import { ClocheElement, element } from '../../../src/elements/element.ts';
import { formatMs } from '../../../src/elements/format.ts';
import '../../../src/elements/limit-bar/limit-bar.ts';
import type { Plugin } from '../../../src/index.ts';
import type { CallReport } from '../call-report.ts';
import { type FatalLimit, fatalLimit } from '../failure.ts';
import { styles } from './usage.styles.ts';

/** Time and memory of the shown plugin against its limits. */
@element('playground-usage')
export class Usage extends ClocheElement {
  static override styles = [ClocheElement.styles, styles].flat();

  @property({ attribute: false }) plugin: Plugin | undefined;
  @property({ attribute: false }) report: CallReport | undefined;
  /** Changes with the plugin, which is the same object before and after. */
  @property({ attribute: false }) revision = 0;

  override render() {
    const { plugin, report } = this;
    if (!plugin) return nothing;
    const { limits, stats } = plugin;
    const fatal = report?.outcome.kind === 'failed' ? fatalLimit(report.outcome.failure) : undefined;
    return html`
      ${this.#renderTime(plugin, fatal)}
      <cloche-limit-bar
        label="Memory"
        .used=${fatal === 'memory' ? limits.memoryBytes : stats.use?.memoryBytes}
        .cap=${limits.memoryBytes}
        .killed=${fatal === 'memory'}
      ></cloche-limit-bar>
      <cloche-limit-bar label="Input and output" .used=${stats.use?.exchangeBytes} .cap=${limits.exchangeBytes}></cloche-limit-bar>
      ${
        // Systems without vars leave them no room.
        limits.varBytes > 0
          ? html`<cloche-limit-bar label="Vars" .used=${stats.use?.varBytes} .cap=${limits.varBytes}></cloche-limit-bar>`
          : nothing
      }
      <p class="small subtle">${this.#history(plugin)}</p>
    `;
  }

  #renderTime(plugin: Plugin, fatal: FatalLimit | undefined) {
    const { timeoutMs, startTimeoutMs } = plugin.limits;
    const isStart = fatal === 'start';
    return html`
      <cloche-limit-bar
        label=${isStart ? 'Starting' : 'Time'}
        unit="ms"
        .used=${this.report?.elapsedMs}
        .cap=${isStart ? startTimeoutMs : timeoutMs}
        .killed=${isStart || fatal === 'time'}
      ></cloche-limit-bar>
    `;
  }

  #history({ stats }: Plugin): string {
    const { calls, failures, kills } = stats;
    const parts = [failures > 0 ? `${calls - failures} of ${calls} calls answered` : `${calls} answered`];
    if (kills > 0) parts.push(`killed ${kills === 1 ? 'once' : `${kills} times`}`);
    if (stats.startMs !== undefined) parts.push(`started in ${formatMs(stats.startMs)}`);
    return parts.join(' · ');
  }
}
