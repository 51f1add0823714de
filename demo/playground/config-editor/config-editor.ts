import { html, nothing, type PropertyValues } from 'lit';
import { property, state } from 'lit/decorators.js';
import { controls } from '../../../src/elements/base.styles.ts';
import { ClocheElement, element } from '../../../src/elements/element.ts';
import { SettingsEvent } from '../events.ts';
import { styles } from './config-editor.styles.ts';

type Entry = readonly [key: string, value: string];

/**
 * The config that a plugin reads, as pairs of text.
 *
 * @event playground-settings - The config to use from the next call on.
 */
@element('playground-config-editor')
export class ConfigEditor extends ClocheElement {
  static override styles = [ClocheElement.styles, controls, styles].flat();

  /** What the plugin has now; a new map throws away what was not saved. */
  @property({ attribute: false, hasChanged: differ }) config: ReadonlyMap<string, string> = new Map();

  /** What its manifest gives: these keys can be changed and not removed. */
  @property({ attribute: false }) given: ReadonlyMap<string, string> = new Map();

  @state() private entries: readonly Entry[] = [];
  @state() private dirty = false;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('config')) return;
    this.entries = [...this.config];
    this.dirty = false;
  }

  #change(index: number, entry: Entry | undefined): void {
    this.entries = this.entries.flatMap((old, at) => (at !== index ? [old] : entry ? [entry] : []));
    this.dirty = true;
  }

  #add = async (): Promise<void> => {
    this.entries = [...this.entries, ['', '']];
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLInputElement>('fieldset:last-of-type input')?.focus();
  };

  #save = (event: SubmitEvent): void => {
    event.preventDefault();
    const own = this.entries.filter(([key, value]) => key !== '' && this.given.get(key) !== value);
    this.dispatchEvent(new SettingsEvent({ config: Object.fromEntries(own) }));
    this.dirty = false;
  };

  override render() {
    return html`
      <form @submit=${this.#save}>
        ${this.entries.length === 0 ? html`<p class="subtle">No config. A plugin reads it by key.</p>` : nothing}
        ${this.entries.map(([key, value], index) => this.#renderEntry(key, value, index))}
        <div class="buttons">
          <button type="button" @click=${this.#add}>Add a key</button>
          ${this.dirty ? html`<button type="submit" class="primary">Save config</button>` : nothing}
        </div>
      </form>
    `;
  }

  #renderEntry(key: string, value: string, index: number) {
    const change = (part: 'key' | 'value') => (event: InputEvent) => {
      const text = (event.target as HTMLInputElement).value;
      this.#change(index, part === 'key' ? [text, value] : [key, text]);
    };
    const isGiven = this.config.has(key) && this.given.has(key);
    return html`
      <fieldset>
        <legend class="hidden-text">Config ${key || index + 1}</legend>
        <input aria-label="Key" placeholder="key" ?readonly=${isGiven} .value=${key} @input=${change('key')} />
        <input aria-label="Value" placeholder="value" .value=${value} @input=${change('value')} />
        <button
          type="button"
          class="quiet remove"
          aria-label="Remove ${key || 'this key'}"
          ?hidden=${isGiven}
          @click=${() => this.#change(index, undefined)}
        >✕</button>
      </fieldset>
    `;
  }
}

function differ(now: ReadonlyMap<string, string>, before: ReadonlyMap<string, string> | undefined): boolean {
  return JSON.stringify([...now]) !== JSON.stringify([...(before ?? [])]);
}
