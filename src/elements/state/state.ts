import { html, svg, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { ClocheElement, element } from '../element.ts';
import { styles } from './state.styles.ts';

/** Every state a plugin can show, in the words of the interface. */
export type ShownState =
  | 'running'
  | 'asleep'
  | 'loading'
  | 'off'
  | 'asking'
  | 'quarantined'
  | 'failed'
  | 'needs-server'
  | 'blocked'
  | 'closed';

interface Look {
  readonly word: string;
  readonly shape: ReturnType<typeof svg>;
}

const LOOKS: ReadonlyMap<ShownState, Look> = new Map([
  ['running', { word: 'running', shape: svg`<circle class="solid" cx="5" cy="5" r="4" />` }],
  [
    'asleep',
    { word: 'asleep', shape: svg`<circle cx="5" cy="5" r="4" /><path class="solid" d="M5 1a4 4 0 0 0 0 8Z" />` },
  ],
  ['loading', { word: 'loading', shape: svg`<circle cx="5" cy="5" r="4" /><path d="M5 2.5V5h2" />` }],
  ['off', { word: 'off', shape: svg`<circle cx="5" cy="5" r="4" />` }],
  ['asking', { word: 'asking', shape: svg`<path d="M5 .5 9.5 5 5 9.5.5 5Z" />` }],
  ['quarantined', { word: 'quarantined', shape: svg`<path class="solid" d="M5 .5 10 9.5H0Z" />` }],
  ['failed', { word: 'failed', shape: svg`<path d="M5 .5 10 9.5H0Z" />` }],
  ['needs-server', { word: 'needs a server', shape: svg`<path d="M1 3.5 5.5 7 4.5 3 9 6.5" />` }],
  ['blocked', { word: 'blocked', shape: svg`<path d="M1 5h8" /><circle cx="5" cy="5" r="4" />` }],
  ['closed', { word: 'closed', shape: svg`<path d="m1.5 1.5 7 7m0-7-7 7" />` }],
]);

/**
 * The state of a plugin: one shape, one word, one colour, wherever it is shown.
 *
 * @cssproperty --cloche-accent - Shape of a running plugin.
 * @cssproperty --cloche-near - A plugin that asks for something.
 * @cssproperty --cloche-killed - A quarantined plugin.
 */
@element('cloche-state')
export class ClocheState extends ClocheElement {
  static override styles = [ClocheElement.styles, styles].flat();

  /** The state to show. */
  @property({ reflect: true }) state: ShownState = 'asleep';

  /** The word, in the language of the page. @default in English */
  @property() word = '';

  override render(): TemplateResult {
    const look = LOOKS.get(this.state);
    if (!look) return html`${this.state}`;
    return html`<svg viewBox="0 0 10 10" aria-hidden="true">${look.shape}</svg><span>${this.word || look.word}</span>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'cloche-state': ClocheState;
  }
}
