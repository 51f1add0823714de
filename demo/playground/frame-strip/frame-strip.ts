import { html, svg } from 'lit';
import { property } from 'lit/decorators.js';
import { ClocheElement, element } from '../../../src/elements/element.ts';
import { formatMs } from '../../../src/elements/format.ts';
import { type FrameReading, TICKS } from '../frame-times.ts';
import { styles } from './frame-strip.styles.ts';

/** A pause that people notice; ticks above it turn amber. */
const NOTICED_MS = 100;
const HEIGHT = 24;
const LOWEST = 4;

/**
 * The heartbeat of the page during a call, one tick for each slice of the deadline. Its height is the longest
 * time between two frames in that slice, so a page that kept running draws a low, even line.
 */
@element('playground-frame-strip')
export class FrameStrip extends ClocheElement {
  static override styles = [ClocheElement.styles, styles].flat();

  @property({ attribute: false }) reading: FrameReading | undefined;

  override render() {
    const ticks = this.reading?.ticks ?? [];
    return html`
      <div class="row">
        <span>This page meanwhile</span>
        <span>${this.#words}</span>
      </div>
      <svg viewBox="0 0 ${TICKS * 4} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
        ${ticks.map((gap, index) => {
          const height = gap === 0 ? 1 : Math.min(HEIGHT, LOWEST + (gap / NOTICED_MS) * (HEIGHT - LOWEST));
          const kind = gap === 0 ? 'ahead' : gap > NOTICED_MS ? 'slow' : 'tick';
          return svg`<rect class=${kind} x=${index * 4} y=${HEIGHT - height} width="2.5" height=${height} />`;
        })}
      </svg>
    `;
  }

  get #words(): string {
    if (!this.reading || this.reading.frames === 0) return 'no frame yet';
    if (this.reading.hidden) return 'in the background, where browsers draw no frames';
    return `drew ${this.reading.frames} frames, longest pause ${formatMs(this.reading.longestMs)}`;
  }
}
