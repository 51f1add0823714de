import { html, svg } from 'lit';
import { state } from 'lit/decorators.js';
import { ClocheElement, element } from '../../../src/elements/element.ts';
import { styles } from './theme-switch.styles.ts';

type Theme = 'light' | 'dark' | 'auto';

const KEY = 'cloche-playground-theme';

const THEMES: readonly { theme: Theme; label: string; icon: ReturnType<typeof svg> }[] = [
  {
    theme: 'light',
    label: 'Light',
    icon: svg`<circle cx="8" cy="8" r="3" /><path d="M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M3 13l1-1M12 4l1-1" />`,
  },
  { theme: 'dark', label: 'Dark', icon: svg`<path d="M13.5 9.6A6 6 0 1 1 6.4 2.5a4.8 4.8 0 0 0 7.1 7.1Z" />` },
  {
    theme: 'auto',
    label: 'As the system',
    icon: svg`<circle cx="8" cy="8" r="6" /><path class="filled" d="M8 2a6 6 0 0 1 0 12Z" />`,
  },
];

/** Light, dark, or what the system says. It sets `color-scheme` on the page and remembers the choice. */
@element('playground-theme-switch')
export class ThemeSwitch extends ClocheElement {
  static override styles = [ClocheElement.styles, styles].flat();

  @state() private theme: Theme = 'auto';

  override connectedCallback(): void {
    super.connectedCallback();
    this.#apply(remembered());
  }

  #choose(theme: Theme): void {
    this.#apply(theme);
    remember(theme);
  }

  #apply(theme: Theme): void {
    this.theme = theme;
    this.ownerDocument.documentElement.style.colorScheme = theme === 'auto' ? 'light dark' : theme;
  }

  override render() {
    return html`
      <fieldset>
        <legend class="hidden-text">Colours</legend>
        ${THEMES.map(
          ({ theme, label, icon }) => html`
            <label title=${label}>
              <input
                type="radio"
                name="theme"
                value=${theme}
                .checked=${theme === this.theme}
                @change=${() => this.#choose(theme)}
              />
              <svg viewBox="0 0 16 16" aria-hidden="true">${icon}</svg>
              <span class="hidden-text">${label}</span>
            </label>
          `,
        )}
      </fieldset>
    `;
  }
}

/** Browsers that block storage throw here. The choice then lasts as long as the page. */
function remembered(): Theme {
  try {
    const theme = localStorage.getItem(KEY);
    return theme === 'light' || theme === 'dark' ? theme : 'auto';
  } catch {
    return 'auto';
  }
}

function remember(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch (thrown) {
    console.info('The choice of colours cannot be kept:', thrown);
  }
}
