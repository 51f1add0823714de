import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { ClocheError } from '../../../errors.ts';
import type { PluginChangeEvent } from '../../../events.ts';
import type { ConfigProblem, PluginConfiguration } from '../../../index.ts';
import { element } from '../../element.ts';
import { Acts } from '../base/acts.ts';
import { AdminElement } from '../base/admin-element.ts';
import type { AdminPlugin } from '../base/admin-host.ts';
import { failure } from '../base/failure.ts';
import { Latest } from '../base/latest.ts';
import { nameOf } from '../base/plugin-state.ts';
import { plain, theirs } from '../base/theirs.ts';
import { styles } from './config.styles.ts';
import { ConfigSaveEvent } from './config-events.ts';
import {
  configOf,
  type Draft,
  draftOf,
  type FormField,
  fieldsOf,
  type Misread,
  problemOf,
  type ShownProblem,
  textOf,
} from './config-fields.ts';
import { renderField } from './field.ts';
import { type Pair, renderPairs } from './pairs.ts';

/**
 * The settings of a plugin: a form from its schema, or names and texts where it has none. Errors stand beside their fields. A secret
 * is entered, replaced and forgotten, and never shown.
 *
 * @event {ConfigSaveEvent} configsave - Settings were saved.
 * @csspart failure - What went wrong.
 */
@element('cloche-config')
export class ClocheConfig extends AdminElement {
  static override styles = [AdminElement.styles, styles].flat();

  /** Id of the plugin. */
  @property() plugin = '';

  @state() private drafts: ReadonlyMap<string, Draft> | undefined;
  @state() private pairs: readonly Pair[] | undefined;
  @state() private misread: ReadonlyMap<string, Misread> = new Map();
  @state() private isSaved = false;
  /** Something else was saved while something is entered here. */
  @state() private isStale = false;
  readonly #read = new Latest<PluginConfiguration>(this);
  readonly #acts = new Acts(this);

  protected override heard(event: Event): void {
    const { plugin, change } = event as PluginChangeEvent;
    if (plugin !== this.plugin || change === 'called' || this.#acts.busy !== undefined) return;
    if (change === 'settings' && this.#isChanged) this.isStale = true;
    else if (change === 'settings' || change === 'updated') this.#readAnew();
    else this.requestUpdate();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    if (!changed.has('host') && !changed.has('plugin')) return;
    // Nothing of one plugin is shown as another's.
    this.#read.forget();
    this.#readAnew();
  }

  get #plugin(): AdminPlugin | undefined {
    return this.host?.get(this.plugin);
  }

  get #isChanged(): boolean {
    return this.drafts !== undefined || this.pairs !== undefined;
  }

  #readAnew(): void {
    this.#reset();
    const plugin = this.#plugin;
    if (plugin) void this.#read.from(() => plugin.configuration());
    else this.#read.forget();
  }

  #reset = (): void => {
    this.drafts = undefined;
    this.pairs = undefined;
    this.misread = new Map();
    this.isStale = false;
    this.isSaved = false;
    this.#acts.forget();
  };

  #enter(name: string, draft: Draft): void {
    this.drafts = new Map([...(this.drafts ?? this.#given), [name, draft]]);
    this.isSaved = false;
  }

  /** What the fields show as long as nothing is entered. */
  get #given(): Map<string, Draft> {
    const { schema, values } = this.#read.value ?? {};
    if (!schema || !values) return new Map();
    return new Map(
      fieldsOf(schema).map((field) => [
        field.name,
        draftOf(field, Object.hasOwn(values, field.name) ? values[field.name] : undefined),
      ]),
    );
  }

  #handleSubmit = (event: Event): void => {
    event.preventDefault();
    void this.#save(event.target as HTMLFormElement);
  };

  async #save(form: HTMLFormElement): Promise<void> {
    const [plugin, configuration] = [this.#plugin, this.#read.value];
    if (!plugin || !configuration) return;
    const entered = configuration.schema ? this.#entered(configuration, plugin, form) : this.#enteredPairs(plugin);
    if (!entered) return this.#showProblem();
    const isDone = await this.#acts.run('save', () => plugin.configure({ config: entered }));
    if (!isDone) return this.#showProblem();
    // Another may be shown by now, whose fields are its own.
    if (this.#plugin === plugin) {
      this.#reset();
      await this.#read.from(() => plugin.configuration());
      this.isSaved = this.#plugin === plugin;
    }
    this.dispatchEvent(new ConfigSaveEvent(plugin.id));
  }

  #entered({ schema, values }: PluginConfiguration, plugin: AdminPlugin, form: HTMLFormElement) {
    if (!schema) return undefined;
    const fields = fieldsOf(schema);
    const others = Object.entries(values).filter(([name]) => !Object.hasOwn(schema.properties, name));
    const drafts = this.drafts ?? this.#given;
    const made = configOf(fields, drafts, plugin.manifest.config, Object.fromEntries(others));
    // Half a number is no text in the field, and is seen all the same.
    const half = [...form.elements].filter((one) => one instanceof HTMLInputElement && one.validity.badInput);
    const misread = new Map('misread' in made ? made.misread : []);
    for (const input of half) misread.set(fields[Number(input.getAttribute('data-at'))]?.name ?? '', 'number');
    this.misread = misread;
    return 'misread' in made || misread.size > 0 ? undefined : made.config;
  }

  #enteredPairs({ manifest }: AdminPlugin): Record<string, string> | undefined {
    const pairs = (this.pairs ?? []).filter(({ name }) => name !== '');
    if (new Set(pairs.map(({ name }) => name)).size < pairs.length) return undefined;
    const set = pairs.filter(({ name, value }) => manifest.config.get(name) !== value);
    return Object.fromEntries(set.map(({ name, value }) => [name, value]));
  }

  /** Where the first of them is. */
  async #showProblem(): Promise<void> {
    await this.updateComplete;
    this.shadowRoot?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }

  override render(): TemplateResult {
    const { words } = this;
    if (!this.host) return html`<p class="subtle">${words.say('shared.noHost')}</p>`;
    const { read } = this.#read;
    const configuration = this.#read.value;
    if (read.state === 'failed') {
      return html`
        ${failure(words, read.error)}
        <button type="button" @click=${() => this.#readAnew()}>${words.say('shared.retry')}</button>
      `;
    }
    const plugin = this.#plugin;
    if (!plugin || !configuration) return html`<p class="subtle" role="status">${words.say('shared.loading')}</p>`;
    return this.#renderForm(plugin, configuration);
  }

  #renderForm(plugin: AdminPlugin, configuration: PluginConfiguration): TemplateResult {
    const { words } = this;
    const { schema } = configuration;
    const mayChange = this.host?.may('config') ?? false;
    if (schema && Object.keys(schema.properties).length === 0) {
      return html`<p class="empty">${words.say('config.none')}</p>`;
    }
    return html`
      <form
        novalidate
        autocomplete="off"
        aria-label=${words.say('config.label', { plugin: plain(nameOf(plugin)) })}
        @submit=${this.#handleSubmit}
      >
        ${mayChange ? nothing : html`<p class="notice">${words.say('config.readOnly')}</p>`}
        ${this.isStale ? this.#renderStale() : nothing}
        <fieldset class="fields field" ?disabled=${!mayChange}>
          ${schema ? this.#renderFields(plugin, configuration, mayChange) : renderPairs(words, this.#pairsOf(plugin, configuration), mayChange, this.#changePairs)}
        </fieldset>
        ${this.#renderFailure()}
        ${mayChange && (schema || this.#isChanged || this.#pairsOf(plugin, configuration).length > 0) ? this.#renderActions() : nothing}
        <p role="status" class="subtle">${this.isSaved ? words.say('config.saved') : nothing}</p>
      </form>
    `;
  }

  #renderStale(): TemplateResult {
    return html`
      <div class="notice" role="status">
        <p>${this.words.say('config.elsewhere')}</p>
        <button type="button" @click=${() => this.#readAnew()}>${this.words.say('config.reread')}</button>
      </div>
    `;
  }

  #renderActions(): TemplateResult {
    const isBusy = this.#acts.busy !== undefined;
    return html`
      <div class="row">
        <button type="submit" class="primary" aria-disabled=${isBusy}>${this.words.say('config.save')}</button>
        ${
          this.#isChanged
            ? html`<button type="button" class="discard" @click=${this.#reset}>${this.words.say('config.discard')}</button>`
            : nothing
        }
      </div>
    `;
  }

  /** What is wrong with a field is said beside it; here only what is of none. */
  #renderFailure(): TemplateResult | typeof nothing {
    const { error } = this.#acts.failed ?? {};
    if (error === undefined) return nothing;
    if (!problemsIn(error)) return failure(this.words, error);
    return html`<p class="subtle" role="alert">${this.words.say('config.failed')}</p>`;
  }

  /** Of the last attempt to save, else of what holds. */
  #problems({ problems }: PluginConfiguration): ShownProblem[] {
    return (problemsIn(this.#acts.failed?.error) ?? problems).map(problemOf);
  }

  #renderFields(plugin: AdminPlugin, configuration: PluginConfiguration, mayChange: boolean): TemplateResult {
    const { words } = this;
    const { schema, secrets } = configuration;
    const fields = schema ? fieldsOf(schema) : [];
    const drafts = this.drafts ?? this.#given;
    const problems = this.#problems(configuration);
    const isKnown = (problem: ShownProblem): boolean => fields.some(({ name }) => name === problem.field);
    const whole = problems.filter((problem) => !isKnown(problem));
    const wrong = new Set([...problems.filter(isKnown).map(({ field }) => field), ...this.misread.keys()]).size;
    return html`
      ${wrong > 0 ? html`<p class="notice">${words.say('config.wrong', { n: wrong })}</p>` : nothing}
      ${
        whole.length > 0
          ? html`<div class="failure">
              <p>${words.say('config.whole')}</p>
              ${whole.map(({ text }) => html`<p>${theirs(text, 500)}</p>`)}
            </div>`
          : nothing
      }
      ${fields.map((field, at) =>
        renderField(words, {
          at,
          field,
          draft: drafts.get(field.name) ?? { text: '' },
          own: ownText(field, plugin),
          secret: Object.hasOwn(secrets, field.name) ? secrets[field.name] : undefined,
          problems: problems.filter((problem) => problem.field === field.name),
          misread: this.misread.get(field.name),
          mayChange,
          enter: (draft) => this.#enter(field.name, draft),
        }),
      )}
    `;
  }

  #changePairs = (pairs: readonly Pair[]): void => {
    this.pairs = pairs;
    this.isSaved = false;
  };

  #pairsOf(plugin: AdminPlugin, { values }: PluginConfiguration): readonly Pair[] {
    if (this.pairs) return this.pairs;
    return Object.entries(values).map(([name, value]) => {
      return { name, value: textOf(value), isOwn: plugin.manifest.config.has(name) };
    });
  }
}

/** What the core has found wrong; undefined for any other failure. */
function problemsIn(error: unknown): readonly ConfigProblem[] | undefined {
  if (!(error instanceof ClocheError) || error.code !== 'CONFIG_INVALID' || !Array.isArray(error.cause))
    return undefined;
  return error.cause as readonly ConfigProblem[];
}

/** What holds of a field where nobody has set anything. */
function ownText({ name, kind }: FormField, { manifest }: AdminPlugin): string | undefined {
  return kind === 'secret' ? undefined : manifest.config.get(name);
}

declare global {
  interface HTMLElementTagNameMap {
    'cloche-config': ClocheConfig;
  }
}
