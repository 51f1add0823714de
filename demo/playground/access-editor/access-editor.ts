import { html, nothing, type PropertyValues } from 'lit';
import { property, state } from 'lit/decorators.js';
import { controls } from '../../../src/elements/base.styles.ts';
import { ClocheElement, element } from '../../../src/elements/element.ts';
import { SettingsEvent } from '../events.ts';
import type { AskedPermission, PluginLike } from '../host-like.ts';
import { type Choice, choiceOf, grantOf } from './access.ts';
import { styles } from './access-editor.styles.ts';

const REFUSALS: ReadonlyMap<AskedPermission['status'], string> = new Map([
  ['unknown', '✕ not offered here'],
  ['forbidden', '✕ forbidden here'],
  ['unreadable', '✕ cannot be read'],
]);

/**
 * What a plugin asks for, riskiest first, with its own reason, and what of it the user allows.
 *
 * @event playground-settings - The grant to use from the next call on.
 */
@element('playground-access-editor')
export class AccessEditor extends ClocheElement {
  static override styles = [ClocheElement.styles, controls, styles].flat();

  @property({ attribute: false }) plugin: PluginLike | undefined;
  /** Changes with the plugin, which is the same object before and after. */
  @property({ attribute: false }) revision = 0;

  /** What was ticked or typed and not saved. */
  @state() private choices: ReadonlyMap<string, Choice> = new Map();

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('plugin')) this.choices = new Map();
  }

  #choice(asked: AskedPermission): Choice {
    const plugin = this.plugin;
    return (
      this.choices.get(asked.capability) ?? (plugin ? choiceOf(plugin, asked) : { allowed: false, hosts: undefined })
    );
  }

  #change(asked: AskedPermission, part: Partial<Choice>): void {
    this.choices = new Map(this.choices).set(asked.capability, { ...this.#choice(asked), ...part });
  }

  #save = (event: SubmitEvent): void => {
    event.preventDefault();
    const { plugin } = this;
    if (!plugin) return;
    const all = plugin.requests().filter(({ status }) => !['unknown', 'unreadable', 'stubbed'].includes(status));
    const choices = new Map(all.map((asked) => [asked.capability, this.#choice(asked)]));
    this.dispatchEvent(new SettingsEvent({ grant: grantOf(plugin, choices) }));
    this.choices = new Map();
  };

  override render() {
    const asked = this.plugin?.requests() ?? [];
    if (asked.length === 0) return html`<p>Nothing. It can compute, and write to its log.</p>`;
    return html`
      <form @submit=${this.#save}>
        <ul>${asked.map((request) => this.#renderRequest(request))}</ul>
        ${this.choices.size > 0 ? html`<div><button type="submit" class="primary">Save access</button></div>` : nothing}
      </form>
    `;
  }

  #renderRequest(asked: AskedPermission) {
    const { allowed, hosts } = this.#choice(asked);
    const cannot = ['unknown', 'forbidden', 'unreadable', 'stubbed'].includes(asked.status);
    return html`
      <li>
        <label class="choice">
          <input
            type="checkbox"
            .checked=${allowed}
            ?disabled=${cannot}
            @change=${(event: Event) => this.#change(asked, { allowed: (event.target as HTMLInputElement).checked })}
          />
          <span class="lines">${this.#renderLines(asked)}</span>
        </label>
        <div class="more">
          ${asked.reason ? html`<p class="small subtle">The plugin says: “<span class="theirs">${asked.reason}</span>”</p>` : nothing}
          ${hosts !== undefined && allowed ? this.#renderHosts(asked, hosts) : nothing}
        </div>
      </li>
    `;
  }

  /** What it may do now and what it may not are seldom the same: a user may allow one host of many. */
  #renderLines({ capability, status, given, missing }: AskedPermission) {
    const refused = REFUSALS.get(status) ?? '✕ not allowed';
    const lines = [
      ...given.map(({ text }) => ({ text, verdict: '✓ allowed', kind: 'granted' })),
      ...missing.map(({ text }) => ({ text, verdict: refused, kind: 'denied' })),
    ];
    const shown = lines.length > 0 ? lines : [{ text: capability, verdict: refused, kind: 'denied' }];
    return shown.map(
      ({ text, verdict, kind }) => html`
        <span class="theirs">${text}</span>
        <span class="verdict ${kind}">${verdict}</span>
      `,
    );
  }

  #renderHosts(asked: AskedPermission, hosts: string) {
    return html`
      <label class="small subtle" for="hosts">Hosts it may reach, one a line</label>
      <textarea
        id="hosts"
        spellcheck="false"
        placeholder="https://api.example.com"
        .value=${hosts}
        @input=${(event: InputEvent) => this.#change(asked, { hosts: (event.target as HTMLTextAreaElement).value })}
      ></textarea>
    `;
  }
}
