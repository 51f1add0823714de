import { html, nothing, type PropertyValues, svg, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { styleMap } from 'lit/directives/style-map.js';
import { messageOf } from '../../errors.ts';
import { visibleText } from '../../util/text/visible-text.ts';
import { bar } from '../bar.styles.ts';
import { controls } from '../base.styles.ts';
import { ClocheElement, element } from '../element.ts';
import { stateList } from '../state-list.styles.ts';
import type { ShownTask, ShownTaskState, ShownTasks, TasksHost } from './host-like.ts';
import { styles } from './tasks.styles.ts';
import { taskWords } from './words/task-words.ts';

/** So many are drawn: those before are over for long. */
const MOST_SHOWN = 50;
const MOST_BYTES = 500;

const SHAPES: Readonly<Record<ShownTaskState, ReturnType<typeof svg>>> = {
  pending: svg`<circle cx="5" cy="5" r="4" />`,
  running: svg`<circle class="solid" cx="5" cy="5" r="4" />`,
  complete: svg`<path d="m1 5.5 2.8 3L9 1.8" />`,
  failed: svg`<path d="m1.5 1.5 7 7m0-7-7 7" />`,
  interrupted: svg`<path d="M1 5h3m2 0h3" />`,
};

/**
 * Tasks of a host: what waits and runs, how far it is, and what became of those before. One that waits or runs can be stopped.
 *
 * @csspart list - The list.
 */
@element('cloche-tasks')
export class ClocheTasks extends ClocheElement {
  static override styles = [ClocheElement.styles, controls, bar, stateList, styles].flat();

  /** Whose tasks they are. */
  @property({ attribute: false }) host: TasksHost | undefined;

  @state() private tasks: ShownTasks | undefined;
  @state() private failure: unknown;

  readonly #words = taskWords(this);
  /** Of the newest look at the host: an older one that is late counts for nothing. */
  #look = 0;
  readonly #changed = (): void => this.requestUpdate();

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#listen();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('host') && this.isConnected) void this.#listen();
  }

  protected override updated(): void {
    // The button that had the focus has gone with what it was for.
    if (this.#hadFocus && !this.shadowRoot?.activeElement) this.renderRoot.querySelector('h2')?.focus();
    this.#hadFocus = false;
  }

  #hadFocus = false;

  async #listen(): Promise<void> {
    this.#leave();
    const look = ++this.#look;
    this.failure = undefined;
    try {
      const tasks = await this.host?.tasks();
      if (look !== this.#look || !this.isConnected) return;
      this.tasks = tasks;
      tasks?.addEventListener('taskchange', this.#changed);
    } catch (thrown) {
      if (look === this.#look) this.failure = thrown;
    }
  }

  #leave(): void {
    this.#look += 1;
    this.tasks?.removeEventListener('taskchange', this.#changed);
    this.tasks = undefined;
  }

  #cancel(id: string): void {
    this.#hadFocus = true;
    this.tasks?.cancel(id);
  }

  async #clear(): Promise<void> {
    this.#hadFocus = true;
    try {
      await this.tasks?.clear();
    } catch (thrown) {
      this.failure = thrown;
    }
    this.requestUpdate();
  }

  override render(): TemplateResult {
    const list = this.tasks?.list ?? [];
    const open = list.filter(({ state }) => state === 'pending' || state === 'running').length;
    return html`
      <header>
        <h2 tabindex="-1">${this.#words.say('tasks.title')}</h2>
        <span class="subtle" role="status">${open > 0 ? this.#words.say('tasks.open', { n: open }) : nothing}</span>
        ${
          list.length > open
            ? html`<button type="button" class="quiet" @click=${this.#clear}>${this.#words.say('tasks.clear')}</button>`
            : nothing
        }
      </header>
      ${this.failure === undefined ? nothing : this.#renderFailure(this.failure)}
      ${list.length === 0 && this.failure === undefined ? html`<p class="subtle">${this.#words.say(this.tasks ? 'tasks.none' : 'tasks.loading')}</p>` : nothing}
      <ul part="list" aria-label=${this.#words.say('tasks.title')} ?hidden=${list.length === 0}>
        ${repeat(
          list.slice(0, MOST_SHOWN),
          ({ id }) => id,
          (task) => this.#renderTask(task),
        )}
      </ul>
    `;
  }

  #renderFailure(failure: unknown): TemplateResult {
    return html`<p class="error" role="alert">
      ${this.#words.say('tasks.unreadable')} <span class="theirs">${line(messageOf(failure))}</span>
      <button type="button" @click=${() => void this.#listen()}>${this.#words.say('tasks.again')}</button>
    </p>`;
  }

  #renderTask(task: ShownTask): TemplateResult {
    const { id, state, plugins, startedAt, endedAt, error } = task;
    const name = line(task.name);
    const isOpen = state === 'pending' || state === 'running';
    // When a page has ended nobody knows, only when that was noticed.
    const isKnown = startedAt !== undefined && endedAt !== undefined && state !== 'interrupted';
    const took = isKnown ? this.#words.ms(endedAt - startedAt) : '';
    return html`
      <li class=${state}>
        <div class="head">
          <span class="name mono theirs">${name}</span>
          <span class="state"><svg viewBox="0 0 10 10" aria-hidden="true">${SHAPES[state]}</svg>${this.#words.say(`tasks.${state}`)}</span>
          ${
            isOpen
              ? html`<button type="button" aria-label=${this.#words.say('tasks.stopNamed', { name })} @click=${() => this.#cancel(id)}>
                  ${this.#words.say('tasks.stop')}
                </button>`
              : nothing
          }
        </div>
        <p class="subtle small">
          <span class="theirs">${line(plugins.join(', '))}</span>${took ? html` · ${this.#words.say('tasks.took', { time: took })}` : nothing}
        </p>
        ${isOpen ? this.#renderProgress(task, name) : nothing}
        ${error ? html`<p class="error small"><span class="theirs">${line(error.message)}</span></p>` : nothing}
        ${state === 'interrupted' ? html`<p class="subtle small">${this.#words.say('tasks.whyInterrupted')}</p>` : nothing}
      </li>
    `;
  }

  #renderProgress({ progress: { done, text }, state }: ShownTask, name: string): TemplateResult {
    if (state === 'pending') return html`${nothing}`;
    const percent = done === undefined ? undefined : Math.round(done * 100);
    return html`
      <div
        class="track ${percent === undefined ? 'unknown' : ''}"
        role="progressbar"
        aria-label=${this.#words.say('tasks.progress', { name })}
        aria-valuemin="0"
        aria-valuemax="100"
        aria-valuenow=${percent ?? nothing}
      >
        <div class="fill" style=${styleMap(percent === undefined ? {} : { width: `${percent}%` })}></div>
      </div>
      ${text ? html`<p class="subtle small"><span class="theirs">${line(text)}</span></p>` : nothing}
    `;
  }
}

/** Words of a plugin: text in which nothing hides or turns what is beside it. */
function line(text: string): string {
  return visibleText(text, MOST_BYTES);
}

declare global {
  interface HTMLElementTagNameMap {
    'cloche-tasks': ClocheTasks;
  }
}
