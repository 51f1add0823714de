import { html, nothing, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { controls } from '../../../src/elements/base.styles.ts';
import { ClocheElement, element } from '../../../src/elements/element.ts';
import { asHex, choiceOf, type Draft, isTicked, itemsOf, MOST_ITEMS, type Read, readDraft } from './draft.ts';
import type { Wit, WitFunction } from './parse-wit.ts';
import { styles } from './typed-form.styles.ts';

type Of<K extends Wit['kind'], T = Wit> = T extends { readonly kind: infer U } ? (K extends U ? T : never) : never;

/** A field: what it is called, what it takes, and where it stands. */
interface Place {
  readonly name: string;
  readonly path: string;
}

/**
 * A form for the arguments of a component's function, made of their types. What is wrong stands beside its field once somebody has
 * tried to call.
 */
@element('playground-typed-form')
export class TypedForm extends ClocheElement {
  static override styles = [ClocheElement.styles, controls, styles].flat();

  @property({ attribute: false }) type: WitFunction | undefined;
  /** Which function it is; each keeps what was typed. */
  @property() of = '';

  @state() private errors: Read['errors'] = new Map();
  readonly #drafts = new Map<string, Draft>();

  get #draft(): Draft {
    return this.#drafts.get(this.of) ?? new Map();
  }

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('of')) this.errors = new Map();
  }

  /** The arguments; undefined where something is wrong with them, which then is shown. */
  read(): readonly unknown[] | undefined {
    if (!this.type) return undefined;
    const { args, errors } = readDraft(this.type, this.#draft);
    this.errors = errors;
    if (errors.size === 0) return args;
    void this.#showFirst();
    return undefined;
  }

  async #showFirst(): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }

  #set(path: string, text: string): void {
    this.#drafts.set(this.of, new Map(this.#draft).set(path, text));
    if (this.errors.has(path)) this.errors = new Map([...this.errors].filter(([wrong]) => wrong !== path));
    this.requestUpdate();
  }

  #handleText = ({ currentTarget }: Event): void => {
    const { id, value } = currentTarget as HTMLInputElement;
    this.#set(id, value);
  };

  #handleTick = ({ currentTarget }: Event): void => {
    const { id, checked } = currentTarget as HTMLInputElement;
    this.#set(id, checked ? 'yes' : '');
  };

  override render() {
    const params = this.type?.params ?? [];
    if (params.length === 0) return html`<p class="subtle">It takes no arguments.</p>`;
    return params.map(({ name, type }, index) => this.#renderField(type, { name, path: String(index) }));
  }

  #renderField(type: Wit, place: Place): TemplateResult {
    const { path } = place;
    switch (type.kind) {
      case 'record':
        return this.#renderGroup(
          type,
          place,
          type.parts.map((part, index) => this.#renderPart(part.type, { name: part.name, path: `${path}.${index}` })),
        );
      case 'tuple':
        return this.#renderGroup(
          type,
          place,
          type.items.map((item, index) => this.#renderField(item, { name: `${index + 1}`, path: `${path}.${index}` })),
        );
      case 'flags':
        return this.#renderGroup(
          type,
          place,
          type.names.map((name, index) => this.#renderTick({ name, path: `${path}.${index}` }, '')),
        );
      case 'enum':
        return this.#renderChoice(type, place, type.names);
      case 'variant': {
        const index = choiceOf(this.#draft, path, type.parts.length);
        const choice = this.#renderChoice(
          type,
          place,
          type.parts.map(({ name }) => name),
        );
        const part = type.parts[index];
        return html`${choice}${this.#renderPart(part?.type, { name: part?.name ?? '', path: `${path}.${index}` })}`;
      }
      case 'result': {
        const index = choiceOf(this.#draft, path, 2);
        const [name, of] = index === 0 ? (['ok', type.ok] as const) : (['err', type.err] as const);
        return html`
          ${this.#renderChoice(type, place, ['ok', 'err'])}${this.#renderPart(of, { name, path: `${path}.${index}` })}
        `;
      }
      case 'option':
        return html`
          ${this.#renderTick(place, 'option')}
          ${isTicked(this.#draft, path) ? this.#renderPart(type.of, { name: place.name, path: `${path}.0` }) : nothing}
        `;
      case 'list':
        return type.of.kind === 'u8' ? this.#renderBytes(place) : this.#renderList(type, place);
      case 'bool':
        return this.#renderTick(place, 'bool');
      case 'string':
        return this.#renderText(place, 'string', true);
      case 'own':
      case 'borrow':
        return this.#renderText(place, `${type.kind} ${type.resource}`, false);
      default:
        return this.#renderText(place, type.kind, false);
    }
  }

  /** What belongs to the field before stands apart from those after it. */
  #renderPart(type: Wit | undefined, place: Place): TemplateResult | typeof nothing {
    return type ? this.#renderField(type, place) : nothing;
  }

  #renderGroup({ kind }: Wit, { name }: Place, parts: readonly unknown[]): TemplateResult {
    return html`
      <fieldset>
        <legend>${label(name, kind)}</legend>
        ${parts}
        ${parts.length === 0 ? html`<p class="subtle small">Nothing to fill in.</p>` : nothing}
      </fieldset>
    `;
  }

  #renderTick({ name, path }: Place, type: string): TemplateResult {
    return html`
      <label class="tick">
        <input id=${path} type="checkbox" .checked=${isTicked(this.#draft, path)} @change=${this.#handleTick} />
        <span>${label(name, type)}</span>
      </label>
    `;
  }

  #renderChoice({ kind }: Wit, { name, path }: Place, names: readonly string[]): TemplateResult {
    const chosen = choiceOf(this.#draft, path, names.length);
    return html`
      <div class="field">
        <label for=${path}>${label(name, kind)}</label>
        <select id=${path} @change=${this.#handleText}>
          ${names.map((one, index) => html`<option value=${index} .selected=${index === chosen}>${one}</option>`)}
        </select>
      </div>
    `;
  }

  #renderText({ name, path }: Place, type: string, isLong: boolean): TemplateResult {
    const wrong = this.errors.get(path);
    const value = this.#draft.get(path) ?? '';
    const invalid = wrong === undefined ? nothing : 'true';
    const describedBy = wrong === undefined ? nothing : `${path}-wrong`;
    return html`
      <div class="field">
        <label for=${path}>${label(name, type)}</label>
        ${
          isLong
            ? html`<textarea
                id=${path}
                spellcheck="false"
                rows="2"
                .value=${value}
                aria-invalid=${invalid}
                aria-describedby=${describedBy}
                @input=${this.#handleText}
              ></textarea>`
            : html`<input
                id=${path}
                spellcheck="false"
                autocomplete="off"
                .value=${value}
                aria-invalid=${invalid}
                aria-describedby=${describedBy}
                @input=${this.#handleText}
              />`
        }
        ${wrong === undefined ? nothing : html`<p id="${path}-wrong" class="wrong">${wrong}</p>`}
      </div>
    `;
  }

  #renderBytes(place: Place): TemplateResult {
    return html`
      ${this.#renderText(place, 'list of u8', true)}
      ${this.#renderTick({ name: 'written as hexadecimal digits', path: asHex(place.path) }, '')}
    `;
  }

  #renderList({ of }: Of<'list'>, place: Place): TemplateResult {
    const { path } = place;
    const items = itemsOf(this.#draft, path);
    const remove = (item: string) => this.#set(path, items.filter((one) => one !== item).join(','));
    const next = 1 + Math.max(-1, ...items.map(Number));
    return this.#renderGroup({ kind: 'list', of }, place, [
      ...[
        repeat(
          items,
          (item) => item,
          (item, index) => html`
            <div class="item">
              ${this.#renderField(of, { name: `item ${index + 1}`, path: `${path}.${item}` })}
              <button
                type="button"
                class="quiet remove"
                aria-label="Remove item ${index + 1} of ${place.name}"
                @click=${() => remove(item)}
              >
                Remove
              </button>
            </div>
          `,
        ),
      ],
      html`
        <div>
          <button
            type="button"
            ?disabled=${items.length >= MOST_ITEMS}
            aria-label="Add an item to ${place.name}"
            @click=${() => this.#set(path, [...items, next].join(','))}
          >
            Add an item
          </button>
        </div>
      `,
    ]);
  }
}

function label(name: string, type: string): TemplateResult {
  return html`<bdi>${name}</bdi>${type === '' ? nothing : html` <span class="type">${type}</span>`}`;
}

declare global {
  interface HTMLElementTagNameMap {
    'playground-typed-form': TypedForm;
  }
}
