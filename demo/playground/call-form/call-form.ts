import { html, nothing, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { theirs } from '../../../src/elements/admin/base/theirs.ts';
import { controls } from '../../../src/elements/base.styles.ts';
import { ClocheElement, element } from '../../../src/elements/element.ts';
import { formatBytes } from '../../../src/elements/format.ts';
import '../../../src/elements/tabs/tabs.ts';
import type { TabEvent } from '../../../src/elements/tabs/tabs.ts';
import { messageOf } from '../../../src/errors.ts';
import type { ExportFact } from '../../../src/runtime/wire/protocol.ts';
import { RunEvent, StopEvent } from '../events.ts';
import { runButton } from '../run-button.ts';
import { parseFunction, type WitFunction } from '../wit/parse-wit.ts';
import '../wit/typed-form.ts';
import type { TypedForm } from '../wit/typed-form.ts';
import { styles } from './call-form.styles.ts';

type InputKind = 'text' | 'json' | 'file' | 'form';

/** What a user typed for one plugin, kept while another is shown. */
interface Draft {
  readonly exportName: string;
  readonly kind: InputKind;
  readonly text: string;
  readonly file: { readonly name: string; readonly bytes: Uint8Array } | undefined;
}

const KINDS = [
  { id: 'text', label: 'Text' },
  { id: 'json', label: 'JSON' },
  { id: 'file', label: 'File' },
] as const;

/** For an export whose arguments have types. */
const TYPED_KINDS = [
  { id: 'form', label: 'Form' },
  { id: 'json', label: 'JSON' },
] as const;

/**
 * Which export to call, with what. Ctrl or ⌘ with Enter runs it from any field, Escape stops it.
 *
 * @event playground-run - Call the chosen export with the input.
 * @event playground-stop - Stop the call that runs.
 */
@element('playground-call-form')
export class CallForm extends ClocheElement {
  static override styles = [ClocheElement.styles, controls, styles].flat();

  /** Id of the plugin; each keeps its own draft. */
  @property() plugin = '';
  @property({ attribute: false }) exports: readonly ExportFact[] = [];
  /** The call that the plugin's author suggests. */
  @property({ attribute: false }) suggested: { readonly export: string; readonly input: string } | undefined;
  /** What exports are for, by their names: for whoever does not know the plugin. */
  @property({ attribute: false }) uses: ReadonlyMap<string, string> = new Map();
  @property({ type: Boolean }) running = false;
  @property({ type: Boolean }) disabled = false;

  @state() private wrong = '';
  @query('#json') private json!: HTMLTextAreaElement;
  @query('playground-typed-form') private typed!: TypedForm;
  readonly #drafts = new Map<string, Draft>();

  get #draft(): Draft {
    const draft = this.#drafts.get(this.plugin);
    if (draft) return draft;
    const text = this.suggested?.input ?? '';
    return {
      exportName: this.suggested?.export ?? '',
      kind: looksLikeJson(text) ? 'json' : 'text',
      text,
      file: undefined,
    };
  }

  #change(part: Partial<Draft>): void {
    this.#drafts.set(this.plugin, { ...this.#draft, ...part });
    this.wrong = '';
    this.requestUpdate();
  }

  #handleFile = async (event: Event): Promise<void> => {
    const file = (event.currentTarget as HTMLInputElement).files?.[0];
    if (!file) return;
    const { plugin } = this;
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      if (plugin === this.plugin) this.#change({ file: { name: file.name, bytes } });
    } catch (thrown) {
      this.wrong = `${file.name} cannot be read: ${messageOf(thrown)}`;
    }
  };

  #handleKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.run();
    }
    if (event.key === 'Escape' && this.running) this.dispatchEvent(new StopEvent());
  };

  #handleSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    this.run();
  };

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('plugin')) this.wrong = '';
  }

  /** The export that a run would call. */
  get chosenExport(): string {
    const callable = this.exports.filter((fact) => fact.callable);
    const { exportName } = this.#draft;
    return callable.some((fact) => fact.name === exportName) ? exportName : (callable[0]?.name ?? '');
  }

  /** Asks for the call, unless the input is not what its tab says. */
  run(): void {
    if (this.running || this.disabled || !this.chosenExport) return;
    const { text, file } = this.#draft;
    const kind = this.#kind;
    if (kind === 'json' && !this.#checkJson(text)) return;
    const input = kind === 'form' ? this.#typedInput() : kind === 'file' ? (file?.bytes ?? new Uint8Array()) : text;
    if (input !== undefined) this.dispatchEvent(new RunEvent(this.chosenExport, input));
  }

  /** An export that takes one text takes it as it is; any other a list, as JSON. */
  #typedInput(): string | undefined {
    const args = this.typed.read();
    if (!args) return undefined;
    const [first] = args;
    const isText = args.length === 1 && typeof first === 'string' && this.#type?.params[0]?.type.kind === 'string';
    return isText ? first : JSON.stringify(args);
  }

  /** What the chosen export takes, where it is a component's. */
  get #type(): WitFunction | undefined {
    const { chosenExport } = this;
    return parseFunction(this.exports.find(({ name }) => name === chosenExport)?.type ?? '');
  }

  get #kind(): InputKind {
    const { kind } = this.#draft;
    if (this.#type) return kind === 'json' ? 'json' : 'form';
    return kind === 'form' ? 'text' : kind;
  }

  #checkJson(text: string): boolean {
    try {
      JSON.parse(text);
      this.wrong = '';
      return true;
    } catch (thrown) {
      this.wrong = `This is not valid JSON yet: ${messageOf(thrown)}`;
      this.json.focus();
      return false;
    }
  }

  override render() {
    const type = this.#type;
    return html`
      <form @submit=${this.#handleSubmit} @keydown=${this.#handleKey}>
        <div class="line">
          ${this.#renderExports()}
          ${runButton({ running: this.running, disabled: this.disabled || !this.chosenExport })}
        </div>
        <cloche-tabs
          label="Input"
          .tabs=${type ? TYPED_KINDS : KINDS}
          .value=${this.#kind}
          @cloche-tab=${(event: TabEvent) => this.#change({ kind: event.tab as InputKind })}
        >
          ${type ? this.#renderTyped(type) : [this.#renderText(), this.#renderFile()]}
          ${this.#renderJson()}
        </cloche-tabs>
      </form>
    `;
  }

  #renderExports() {
    const callable = this.exports.filter((fact) => fact.callable);
    return html`
      <div class="field">
        <label for="export">Export</label>
        <select
          id="export"
          ?disabled=${callable.length === 0}
          @change=${(event: Event) => this.#change({ exportName: (event.target as HTMLSelectElement).value })}
        >
          ${callable.length === 0 ? html`<option>none that can be called</option>` : nothing}
          ${callable.map(
            ({ name }) =>
              html`<option value=${name} .selected=${name === this.chosenExport}>${name}${this.#useOf(name)}</option>`,
          )}
        </select>
      </div>
    `;
  }

  #useOf(name: string): string {
    const use = this.uses.get(name);
    return use === undefined ? '' : ` · ${use}`;
  }

  #renderTyped(type: WitFunction) {
    return html`
      <playground-typed-form slot="form" .of=${`${this.plugin} ${this.chosenExport}`} .type=${type}></playground-typed-form>
    `;
  }

  #renderText() {
    return html`
      <div slot="text">
        <label class="hidden-text" for="text">Input as text</label>
        <textarea
          id="text"
          spellcheck="false"
          placeholder="No input"
          .value=${this.#draft.text}
          @input=${(event: InputEvent) => this.#change({ text: (event.target as HTMLTextAreaElement).value })}
        ></textarea>
      </div>
    `;
  }

  #renderJson() {
    return html`
      <div slot="json">
        <label class="hidden-text" for="json">Input as JSON</label>
        <textarea
          id="json"
          spellcheck="false"
          placeholder='{ "key": "value" }'
          aria-invalid=${this.wrong ? 'true' : nothing}
          aria-describedby="wrong"
          .value=${this.#draft.text}
          @input=${(event: InputEvent) => this.#change({ text: (event.target as HTMLTextAreaElement).value })}
        ></textarea>
        <p id="wrong" class="wrong" role="alert">${this.wrong}</p>
      </div>
    `;
  }

  #renderFile() {
    const { file } = this.#draft;
    return html`
      <div slot="file" class="file">
        <label class="button">
          <input class="hidden-text" type="file" @change=${this.#handleFile} />
          ${file ? 'Choose another file' : 'Choose a file'}
        </label>
        <span>${file ? html`${theirs(file.name)} <span class="subtle">${formatBytes(file.bytes.length)}</span>` : html`<span class="subtle">Its bytes become the input.</span>`}</span>
      </div>
    `;
  }
}

function looksLikeJson(text: string): boolean {
  return /^\s*[{[]/.test(text);
}
