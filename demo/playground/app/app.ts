import { html, nothing, type PropertyValues } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import { routeOf } from '../../../src/elements/admin/admin/route.ts';
import '../../../src/elements/admin/consent/consent.ts';
import { theirs } from '../../../src/elements/admin/base/theirs.ts';
import type { ClocheConsent } from '../../../src/elements/admin/consent/consent.ts';
import { controls } from '../../../src/elements/base.styles.ts';
import { ClocheElement, element } from '../../../src/elements/element.ts';
import '../../../src/elements/mark/mark.ts';
import '../../../src/elements/palette/palette.ts';
import '../../../src/elements/tabs/tabs.ts';
import type { TabEvent } from '../../../src/elements/tabs/tabs.ts';
import type { AskPermission } from '../../../src/index.ts';
import { DropZone } from '../drop-zone.ts';
import type { LateEditor } from '../editor/interfaces.ts';
import '../error-panel/error-panel.ts';
import type { ChooseEvent, FilesEvent, RequestEvent, RunEvent, TakenEvent } from '../events.ts';
import type { Failure } from '../failure.ts';
import '../inspector/inspector.ts';
import type { Inspector, InspectorTab } from '../inspector/inspector.ts';
import '../plugin-head/plugin-head.ts';
import '../plugin-list/plugin-list.ts';
import type { Problem, Session } from '../session.ts';
import '../taken-id/taken-id.ts';
import '../theme-switch/theme-switch.ts';
import { type CallReport, verdict } from '../call-report.ts';
import '../workbench/workbench.ts';
import { databaseLoading, preparation } from '../preparation.ts';
import { styles } from './app.styles.ts';

const VIEWS = [
  { id: 'plugins', label: 'Plugins' },
  { id: 'call', label: 'Call' },
  { id: 'inspector', label: 'Inspector' },
] as const;

/** Keys of the example. */
const KEYMAP = { 'Mod+Alt+U': 'case.upper', 'Mod+Alt+L': 'case.lower' };

/** From here on all three views fit side by side. */
const WIDE = '(min-width: 1100px)';

/** The playground: plugins, the call, and what it did. It shows a session and passes on what users ask for. */
@element('playground-app')
export class PlaygroundApp extends ClocheElement {
  static override styles = [ClocheElement.styles, controls, styles].flat();

  @property({ attribute: false }) session: Session | undefined;
  /** What plugins of Nev edit in. */
  @property({ attribute: false }) editor: LateEditor | undefined;
  /** Why there is no session and will be none. */
  @property({ attribute: false }) failure: Failure | undefined;

  @state() private view = 'call';
  @state() private announcement = '';
  #revision = 0;
  #announced: CallReport | undefined;
  @query('cloche-consent') private consent!: ClocheConsent | null;
  @query('playground-inspector') private inspector!: Inspector | null;
  readonly #drop = new DropZone(this, (files) => this.#install(files));
  readonly #wide = matchMedia(WIDE);

  #handleChange = (): void => {
    this.#revision++;
    this.requestUpdate();
  };

  #handleWidth = (): void => this.requestUpdate();

  #handleChoose = ({ choice }: ChooseEvent): void => {
    this.view = 'call';
    if ('plugin' in choice) this.session?.choosePlugin(choice.plugin);
    else void this.session?.chooseExample(choice.example);
  };

  #handleFiles = ({ files }: FilesEvent): void => {
    this.#install(files);
  };

  /** Asks for optional permissions: for `createHost({ ask })`, see `askWith`. */
  readonly ask: AskPermission = (question, signal) => this.consent?.ask(question, signal) ?? 'no';

  #install(files: readonly File[]): void {
    this.view = 'call';
    if (this.consent) void this.session?.installFiles(files, this.consent);
  }

  #handleTaken = ({ answer }: TakenEvent): void => {
    if (this.consent) void this.session?.settle(answer, this.consent);
  };

  /** Links of the plugin's page lead to places that the playground has. */
  #handleClick = (event: MouseEvent): void => {
    const link = event.composedPath().find((node): node is HTMLAnchorElement => node instanceof HTMLAnchorElement);
    const route = routeOf(link?.getAttribute('href') ?? '');
    if (!route || event.defaultPrevented) return;
    event.preventDefault();
    if (route.at === 'activity') this.#showInspector('activity');
    else this.view = 'call';
  };

  #showInspector(tab: InspectorTab): void {
    this.view = 'inspector';
    if (this.inspector) this.inspector.tab = tab;
  }

  #handleRun = ({ exportName, input }: RunEvent): void => void this.session?.run(exportName, input);

  #handleRequest = ({ request }: RequestEvent): void => void this.session?.request(request);

  override connectedCallback(): void {
    super.connectedCallback();
    this.#wide.addEventListener('change', this.#handleWidth);
    this.session?.addEventListener('change', this.#handleChange);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#wide.removeEventListener('change', this.#handleWidth);
    this.session?.removeEventListener('change', this.#handleChange);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('session') && this.isConnected) {
      changed.get('session')?.removeEventListener('change', this.#handleChange);
      this.session?.addEventListener('change', this.#handleChange);
    }
    this.#announce();
  }

  /** Says how a call ended, once, and again when its plugin is ready. */
  #announce(): void {
    const report = this.session?.shown && this.session.reports.get(this.session.shown.id);
    if (!report || report === this.#announced || report.outcome.kind === 'running') return;
    this.#announced = report;
    this.announcement = verdict(report);
    if (!this.#wide.matches) void this.#reveal();
  }

  async #reveal(): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector('playground-workbench')?.showResult();
  }

  override render() {
    return html`
      ${this.#renderBar()}
      <main
        @playground-choose=${this.#handleChoose}
        @playground-files=${this.#handleFiles}
        @playground-run=${this.#handleRun}
        @playground-request=${this.#handleRequest}
        @playground-stop=${() => this.session?.stop()}
        @playground-page=${() => this.#showInspector('plugin')}
        @click=${this.#handleClick}
        @playground-commands=${() => this.renderRoot.querySelector('cloche-palette')?.show()}
      >
        ${this.session ? this.#renderViews(this.session) : this.#renderNothingYet()}
      </main>
      <playground-taken-id
        .taken=${this.session?.taken}
        @playground-taken=${this.#handleTaken}
      ></playground-taken-id>
      <cloche-consent .host=${this.session?.host}></cloche-consent>
      <cloche-palette .host=${this.session?.host} .keymap=${KEYMAP}></cloche-palette>
      <p class="hidden-text" role="status">${this.announcement}</p>
      ${this.#drop.hovering ? html`<div class="drop"><cloche-mark></cloche-mark>Let go to put it under glass</div>` : nothing}
    `;
  }

  #renderBar() {
    return html`
      <header class="bar">
        <span class="brand"><cloche-mark></cloche-mark>Cloche <span class="subtle">playground</span></span>
        <playground-theme-switch></playground-theme-switch>
      </header>
    `;
  }

  #renderViews(session: Session) {
    return html`
      <cloche-tabs
        label="Views"
        .tabs=${VIEWS}
        .value=${this.view}
        ?spread=${this.#wide.matches}
        @cloche-tab=${(event: TabEvent) => {
          // The tabs inside the views say the same event, for themselves.
          if (event.target === event.currentTarget) this.view = event.tab;
        }}
      >
        <div slot="plugins" class="column plugins">
          <playground-plugin-list
            .examples=${session.examples}
            .host=${session.host}
            .databaseBytes=${session.databaseBytes}
            .shown=${session.shown?.id ?? ''}
            .revision=${this.#revision}
          ></playground-plugin-list>
        </div>
        <div slot="call" class="column">${this.#renderCall(session)}</div>
        <div slot="inspector" class="column">${this.#renderInspector(session)}</div>
      </cloche-tabs>
    `;
  }

  #renderCall(session: Session) {
    const { shown, problem, busy } = session;
    return html`
      ${problem ? this.#renderProblem(problem) : nothing}
      ${busy && !problem ? html`<p class="busy subtle">${busy}</p>${preparation(session.preparing)}` : nothing}
      <playground-plugin-head .plugin=${shown} .revision=${this.#revision} ?hidden=${!shown}></playground-plugin-head>
      ${databaseLoading(session.loadingDatabase)}
      <playground-workbench
        ?hidden=${!shown}
        .host=${session.host}
        .editor=${this.editor}
        .plugin=${shown}
        .facts=${shown && session.facts.get(shown.id)}
        .report=${shown && session.reports.get(shown.id)}
        .running=${shown ? session.isRunning(shown.id) : false}
        .revision=${this.#revision}
      ></playground-workbench>
      ${shown || problem || busy ? nothing : html`<p class="subtle">Choose a plugin, or drop one of yours.</p>`}
    `;
  }

  #renderInspector(session: Session) {
    const { shown } = session;
    return html`
      <playground-inspector
        .plugin=${shown}
        .report=${shown && session.reports.get(shown.id)}
        .facts=${shown && session.facts.get(shown.id)}
        .host=${session.host}
        .revision=${this.#revision}
      ></playground-inspector>
    `;
  }

  #renderProblem(problem: Problem) {
    return html`
      <section class="notice" role="alert">
        <h2>${theirs(problem.tried)} failed</h2>
        <playground-error-panel .failure=${problem.failure}></playground-error-panel>
        <div><button type="button" @click=${() => this.session?.dismiss()}>Close</button></div>
      </section>
    `;
  }

  #renderNothingYet() {
    const { failure } = this;
    return html`
      <div class="column">
        ${
          failure
            ? html`
                <section class="notice" role="alert">
                  <h2>The playground cannot start</h2>
                  <playground-error-panel .failure=${failure}></playground-error-panel>
                  <div><button type="button" @click=${() => location.reload()}>Load the page again</button></div>
                </section>
              `
            : html`<p class="busy subtle">Setting up the sandbox</p>`
        }
      </div>
    `;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'playground-app': PlaygroundApp;
  }
}
