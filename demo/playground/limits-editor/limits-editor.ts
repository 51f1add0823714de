import { html, nothing, type PropertyValues } from 'lit';
import { property, state } from 'lit/decorators.js';
import { controls } from '../../../src/elements/base.styles.ts';
import { ClocheElement, element } from '../../../src/elements/element.ts';
import { DEFAULT_LIMITS, type Limits, limitRange } from '../../../src/limits.ts';
import { SettingsEvent } from '../events.ts';
import { type LimitField, MAIN_FIELDS, OTHER_FIELDS } from './fields.ts';
import { styles } from './limits-editor.styles.ts';

/**
 * The limits of one plugin. They can be lowered, and raised again up to what the host allows.
 *
 * @event playground-settings - The limits to use from the next call on.
 */
@element('playground-limits-editor')
export class LimitsEditor extends ClocheElement {
  static override styles = [ClocheElement.styles, controls, styles].flat();

  /** What the plugin has now. */
  @property({ attribute: false, hasChanged: differ }) limits: Limits = DEFAULT_LIMITS;
  /** The most it can have: the lower of what the host and its manifest say. */
  @property({ attribute: false }) most: Limits = DEFAULT_LIMITS;

  /** What was typed and not saved, by limit. */
  @state() private typed: ReadonlyMap<keyof Limits, string> = new Map();

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('limits')) this.typed = new Map();
  }

  #type(name: keyof Limits, text: string): void {
    this.typed = new Map(this.typed).set(name, text);
  }

  #save = (event: SubmitEvent): void => {
    event.preventDefault();
    const fields = [...MAIN_FIELDS, ...OTHER_FIELDS];
    const wrong = fields.find((field) => this.#problem(field));
    if (wrong) {
      this.renderRoot.querySelector<HTMLInputElement>(`#${wrong.name}`)?.focus();
      return;
    }
    // All that are lowered, not only what was typed: settings replace those of before.
    const lowered = fields.filter((field) => this.#value(field) < this.most[field.name]);
    const limits = Object.fromEntries(lowered.map((field) => [field.name, this.#value(field)]));
    this.dispatchEvent(new SettingsEvent({ limits }));
    this.typed = new Map();
  };

  #value(field: LimitField): number {
    const text = this.typed.get(field.name);
    return text === undefined ? this.limits[field.name] : Math.round(Number(text) * field.scale);
  }

  /** Why the typed text is not a value for this limit; empty when it is. */
  #problem(field: LimitField): string {
    const text = this.typed.get(field.name);
    if (text === undefined) return '';
    const [lowest] = limitRange(field.name);
    const highest = this.most[field.name];
    const value = this.#value(field);
    if (text.trim() !== '' && value >= lowest && value <= highest) return '';
    return `From ${inUnits(lowest, field)} to ${inUnits(highest, field)} ${field.unit}`;
  }

  override render() {
    return html`
      <form @submit=${this.#save} novalidate>
        ${MAIN_FIELDS.map((field) => this.#renderField(field))}
        <details>
          <summary>All limits</summary>
          <div>${OTHER_FIELDS.map((field) => this.#renderField(field))}</div>
        </details>
        ${this.typed.size > 0 ? html`<div><button type="submit" class="primary">Save limits</button></div>` : nothing}
      </form>
    `;
  }

  #renderField(field: LimitField) {
    const { name, label, unit } = field;
    const problem = this.#problem(field);
    return html`
      <div class="limit">
        <label for=${name}>${label}</label>
        <input
          id=${name}
          inputmode="decimal"
          autocomplete="off"
          aria-describedby="${name}-unit ${name}-wrong"
          aria-invalid=${problem ? 'true' : nothing}
          .value=${this.typed.get(name) ?? inUnits(this.limits[name], field)}
          @input=${(event: InputEvent) => this.#type(name, (event.target as HTMLInputElement).value)}
        />
        <span id="${name}-unit" class="subtle small">${unit}</span>
        <span id="${name}-wrong" class="wrong" role="alert" ?hidden=${!problem}>${problem}</span>
      </div>
    `;
  }
}

function inUnits(value: number, { scale }: LimitField): string {
  return String(Number((value / scale).toFixed(3)));
}

function differ(now: Limits, before: Limits | undefined): boolean {
  return JSON.stringify(now) !== JSON.stringify(before);
}
