import { html, nothing } from 'lit';
import { property, query } from 'lit/decorators.js';
import { controls } from '../../../src/elements/base.styles.ts';
import { ClocheElement, element } from '../../../src/elements/element.ts';
import type { Route } from '../../../src/manifest/contributions.ts';
import { styles as formStyles } from '../call-form/call-form.styles.ts';
import { RequestEvent, type RouteRequest, StopEvent } from '../events.ts';
import { runButton } from '../run-button.ts';
import { styles } from './route-form.styles.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

/** What a user typed for one plugin, kept while another is shown. */
type Draft = RouteRequest;

/**
 * A request to the plugin's own routes. Ctrl or ⌘ with Enter sends it from any field, Escape stops it.
 *
 * @event playground-request - Send the request.
 * @event playground-stop - Stop the one that runs.
 */
@element('playground-route-form')
export class RouteForm extends ClocheElement {
  static override styles = [ClocheElement.styles, controls, formStyles, styles].flat();

  /** Id of the plugin; each keeps its own draft. */
  @property() plugin = '';
  @property({ attribute: false }) routes: readonly Route[] = [];
  /** Where they begin. @default that of pages */
  @property() base = '';
  /** What a route may be sent, for whoever has typed nothing yet. */
  @property() sample = '';
  @property({ type: Boolean }) running = false;
  @property({ type: Boolean }) disabled = false;

  @query('#path') private path!: HTMLInputElement;
  readonly #drafts = new Map<string, Draft>();

  get #draft(): Draft {
    const first = this.routes.find(({ method }) => method === 'GET') ?? this.routes[0];
    return this.#drafts.get(this.plugin) ?? (first ? this.#draftFor(first) : { method: 'GET', path: '/', body: '' });
  }

  get #takesBody(): boolean {
    return !['GET', 'HEAD'].includes(this.#draft.method);
  }

  #change(part: Partial<Draft>): void {
    this.#drafts.set(this.plugin, { ...this.#draft, ...part });
    this.requestUpdate();
  }

  #handleRoute = (event: Event): void => {
    const route = this.routes[(event.currentTarget as HTMLSelectElement).selectedIndex];
    if (!route) return;
    const { body } = this.#draft;
    this.#change({ ...this.#draftFor(route), body });
    // The rest of such a path is for the user to write.
    if (route.path.endsWith('*')) void this.updateComplete.then(() => this.path.focus());
  };

  #handleKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.send();
    }
    if (event.key === 'Escape' && this.running) this.dispatchEvent(new StopEvent());
  };

  #handleSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    this.send();
  };

  /** Asks for the request to be sent. */
  send(): void {
    if (this.running || this.disabled) return;
    const { method, path, body } = this.#draft;
    this.dispatchEvent(
      new RequestEvent({ method, path: path.startsWith('/') ? path : `/${path}`, body: this.#takesBody ? body : '' }),
    );
  }

  override render() {
    const { method, path, body } = this.#draft;
    return html`
      <form @submit=${this.#handleSubmit} @keydown=${this.#handleKey}>
        <div class="line">
          ${this.#renderRoutes()}
          ${runButton(this)}
        </div>
        <div class="line">
          <div class="field method">
            <label for="method">Method</label>
            <select
              id="method"
              @change=${(event: Event) => this.#change({ method: (event.target as HTMLSelectElement).value })}
            >
              ${METHODS.map((name) => html`<option .selected=${name === method}>${name}</option>`)}
            </select>
          </div>
          <div class="field">
            <label for="path">Path, below <code>${this.base || `/api/plugins/${this.plugin}`}</code></label>
            <input
              id="path"
              type="text"
              spellcheck="false"
              autocapitalize="off"
              .value=${path}
              @input=${(event: InputEvent) => this.#change({ path: (event.target as HTMLInputElement).value })}
            />
          </div>
        </div>
        ${this.#takesBody ? this.#renderBody(body) : nothing}
      </form>
    `;
  }

  #renderRoutes() {
    const { method, path } = this.#draft;
    return html`
      <div class="field">
        <label for="route">Route</label>
        <select id="route" @change=${this.#handleRoute}>
          ${this.routes.map((route) => {
            const chosen = this.#draftFor(route);
            const words = route.description ? ` · ${route.description}` : '';
            return html`<option .selected=${chosen.method === method && path.startsWith(chosen.path)}>${route.method || 'any'} ${route.path}${words}</option>`;
          })}
        </select>
      </div>
    `;
  }

  /** Where a route takes any method or any rest of a path, the simplest. */
  #draftFor({ method, path }: Route): Draft {
    return { method: method || 'GET', path: path.replace(/\*$/, ''), body: this.sample };
  }

  #renderBody(body: string) {
    return html`
      <div class="field">
        <label for="body">Body</label>
        <textarea
          id="body"
          spellcheck="false"
          placeholder="No body"
          .value=${body}
          @input=${(event: InputEvent) => this.#change({ body: (event.target as HTMLTextAreaElement).value })}
        ></textarea>
      </div>
    `;
  }
}
