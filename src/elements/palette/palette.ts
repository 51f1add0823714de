import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { messageOf } from '../../errors.ts';
import { dialogClosed } from '../arming.ts';
import { controls } from '../base.styles.ts';
import { ClocheElement, element } from '../element.ts';
import { lineOf } from './arguments.ts';
import type { PaletteCommand, PaletteHost } from './host-like.ts';
import { type Binding, isComposing, isTyping, type Keymap, readKeymap } from './keymap.ts';
import { chosenBy, listView } from './list-view.ts';
import { styles } from './palette.styles.ts';
import { CommandRunEvent } from './palette-events.ts';
import { Recent } from './recent.ts';
import { found, typedLine } from './search.ts';
import { argumentsView, resultView, runningView, type Step } from './steps.ts';
import { paletteWords } from './words/palette-words.ts';

const LIST: Step = { is: 'list' };
/** So many are drawn: whoever looks for another types on. */
const MOST_SHOWN = 100;

/**
 * The commands of a host's plugins: found by typing, run by Enter, asked for their arguments before. Arrows, Page Up and Page Down,
 * Home and End choose; Escape goes a step back. Keys of `keymap` run their command while the element is in the page.
 *
 * @event {CommandRunEvent} commandrun - A command has run, or has failed.
 * @csspart dialog - The dialog.
 */
@element('cloche-palette')
export class ClochePalette extends ClocheElement {
  static override styles = [ClocheElement.styles, controls, styles].flat();

  /** Whose commands they are. */
  @property({ attribute: false }) host: PaletteHost | undefined;

  /** Keys, such as `Mod+Shift+U`, and the command line that each of them runs; `Mod` is Command on Apple's systems, else Control. */
  @property({ attribute: false }) keymap: Keymap = {};

  /** Keys that open the palette, and close it; the empty text for none. */
  @property() shortcut = 'Mod+Shift+P';

  /** Whether it is shown. */
  @property({ type: Boolean, reflect: true }) open = false;

  @state() private commands: readonly PaletteCommand[] = [];
  @state() private query = '';
  @state() private chosen = 0;
  @state() private step: Step = LIST;

  readonly #words = paletteWords(this);
  readonly #recent = new Recent();
  #bindings: readonly Binding[] = [];
  #shortcut: Binding | undefined;
  #heard: PaletteHost | undefined;

  /** Shows it, with nothing typed. */
  show(): void {
    this.open = true;
  }

  close(): void {
    this.open = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.ownerDocument.addEventListener('keydown', this.#handleKeymap);
    this.#hear(this.host);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.ownerDocument.removeEventListener('keydown', this.#handleKeymap);
    this.#hear(undefined);
    this.#leave();
    // Elsewhere in the page its dialog would be no modal one.
    this.open = false;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('host')) this.#hear(this.host);
    if (changed.has('keymap') || changed.has('shortcut')) {
      const { bindings, problems } = readKeymap(this.keymap);
      this.#bindings = bindings;
      this.#shortcut = this.shortcut ? readKeymap({ [this.shortcut]: 'palette' }).bindings[0] : undefined;
      for (const problem of problems) console.warn(`<cloche-palette>: ${problem}`);
    }
    if (changed.has('open') && this.open) this.#begin();
  }

  protected override updated(changed: PropertyValues<this>): void {
    const dialog = this.#dialog;
    if (this.open && dialog && !dialog.open) dialog.showModal();
    if (!this.open && dialog?.open) dialog.close();
    if (!changed.has('open') && !(changed as Map<string, unknown>).has('step')) return;
    if (this.open) this.renderRoot.querySelector<HTMLElement>('[data-focus]')?.focus();
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog');
  }

  get #found(): readonly PaletteCommand[] {
    const exact = typedLine(this.commands, this.query);
    return found(this.commands, exact?.command.name ?? this.query, this.#recent.names).slice(0, MOST_SHOWN);
  }

  #hear(host: PaletteHost | undefined): void {
    if (host === this.#heard) return;
    this.#heard?.removeEventListener('commandschange', this.#handleCommands);
    host?.addEventListener('commandschange', this.#handleCommands);
    this.#heard = host;
    this.#handleCommands();
  }

  #handleCommands = (): void => {
    this.commands = this.#heard?.commands ?? [];
    this.chosen = Math.min(this.chosen, Math.max(0, this.#found.length - 1));
  };

  #begin(): void {
    this.query = '';
    this.chosen = 0;
    this.step = LIST;
  }

  /** What runs goes on only while somebody waits for it. */
  #leave(): void {
    if (this.step.is === 'running') this.step.end.abort();
  }

  #handleKeymap = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.repeat || isTyping(event)) return;
    if (this.#shortcut?.matches(event)) {
      event.preventDefault();
      this.open = !this.open;
      return;
    }
    const binding = this.open ? undefined : this.#bindings.find((one) => one.matches(event));
    if (!binding) return;
    event.preventDefault();
    void this.#run(binding.name, binding.args, false);
  };

  #handleInput = (event: InputEvent): void => {
    this.query = (event.target as HTMLInputElement).value;
    this.chosen = 0;
  };

  #handleListKey = (event: KeyboardEvent): void => {
    if (isComposing(event)) return;
    const next = chosenBy(event, this.chosen, this.#found.length - 1);
    if (next !== undefined) {
      event.preventDefault();
      this.chosen = next;
      void this.updateComplete.then(() =>
        this.renderRoot.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' }),
      );
    } else if (event.key === 'Enter') {
      event.preventDefault();
      this.#choose(this.#found[this.chosen]);
    }
  };

  /** Escape, or what a phone has for it. */
  #handleCancel = (event: Event): void => {
    event.preventDefault();
    if (this.step.is === 'list') this.close();
    else {
      this.#leave();
      this.step = LIST;
    }
  };

  #handleClose = (): void => {
    this.#leave();
    this.open = false;
    dialogClosed();
  };

  #handleSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (this.step.is !== 'arguments') return;
    const { command } = this.step;
    const fields = [...(event.target as HTMLFormElement).querySelectorAll<HTMLInputElement>('[data-param]')];
    const { line, problems } = lineOf(
      command.params,
      fields.map(({ value }) => value),
    );
    if (!problems.some(Boolean)) void this.#run(command.name, line, true);
    else {
      this.step = { is: 'arguments', command, problems };
      const wrong = problems.findIndex(Boolean);
      void this.updateComplete.then(() => fields[wrong]?.focus());
    }
  };

  #choose(command: PaletteCommand | undefined): void {
    if (!command) return;
    const typed = typedLine(this.commands, this.query);
    if (typed?.command === command) void this.#run(command.name, typed.args, true);
    else if (command.params.length > 0) this.step = { is: 'arguments', command, problems: [] };
    else void this.#run(command.name, '', true);
  }

  /** @param shown whether what comes of it is shown here; of a key only what fails is */
  async #run(name: string, args: string, shown: boolean): Promise<void> {
    const { host } = this;
    if (!host) return;
    const end = new AbortController();
    const running: Step = { is: 'running', name, end };
    if (shown) this.step = running;
    this.#recent.ran(name);
    try {
      const result = await host.run(name, args, { signal: end.signal, load: 'wait-and-run' });
      this.dispatchEvent(new CommandRunEvent(name, args, result));
      // Somebody may have gone back meanwhile, and be somewhere else.
      if (!shown || this.step !== running) return;
      if (result === '') this.close();
      else this.step = { is: 'result', name, text: result, failed: false };
    } catch (thrown) {
      if (end.signal.aborted) return;
      this.dispatchEvent(new CommandRunEvent(name, args, '', thrown));
      if ((shown && this.step !== running) || !this.isConnected) return;
      this.open = true;
      await this.updateComplete;
      this.step = { is: 'result', name, text: messageOf(thrown), failed: true };
    }
  }

  override render(): TemplateResult {
    return html`
      <dialog
        part="dialog"
        aria-label=${this.#words.say('palette.label')}
        @cancel=${this.#handleCancel}
        @close=${this.#handleClose}
        @click=${(event: MouseEvent) => event.target === this.#dialog && this.close()}
      >
        ${this.open ? this.#renderStep() : nothing}
      </dialog>
    `;
  }

  #renderStep(): TemplateResult {
    switch (this.step.is) {
      case 'list':
        return this.#renderList();
      case 'arguments':
        return argumentsView(this.#words, this.step, this.#handleSubmit, this.#handleCancel);
      case 'running':
        return runningView(this.#words, this.step, this.#handleCancel);
      case 'result':
        return resultView(this.#words, this.step, this.#handleCancel);
    }
  }

  #renderList(): TemplateResult {
    return listView(this.#words, {
      commands: this.#found,
      hasAny: this.commands.length > 0,
      query: this.query,
      chosen: this.chosen,
      bindings: this.#bindings,
      onInput: this.#handleInput,
      onKey: this.#handleListKey,
      point: (index) => {
        this.chosen = index;
      },
      take: (command) => this.#choose(command),
    });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'cloche-palette': ClochePalette;
  }
}
