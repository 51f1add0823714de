import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { Bisect, BisectState, Orphan } from '../../../index.ts';
import { element } from '../../element.ts';
import { Acts } from '../base/acts.ts';
import { AdminElement } from '../base/admin-element.ts';
import type { AdminHost } from '../base/admin-host.ts';
import { failure } from '../base/failure.ts';
import { Latest } from '../base/latest.ts';
import { pluginHref } from '../base/plugin-link.ts';
import { nameOf, shownName } from '../base/plugin-state.ts';
import { mono, plain, theirs } from '../base/theirs.ts';

/** For when something is wrong: safe mode, the search for the plugin that breaks the app, and what removed plugins have left. Part of `<cloche-admin>`. */
@element('cloche-trouble')
export class ClocheTrouble extends AdminElement {
  static override styles = [
    AdminElement.styles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 24px;
        max-width: 800px;
      }

      section {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 8px;
      }

      ul {
        padding-inline-start: 20px;
        list-style: disc;
      }

      .left {
        display: grid;
        gap: 4px;
        padding: 0;
        list-style: none;
      }

      .left li {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 4px 16px;
        border-block-start: 1px solid var(--cloche-line);
      }
    `,
  ].flat();

  readonly #acts = new Acts(this);
  readonly #bisect = new Latest<Bisect>(this);
  readonly #left = new Latest<readonly Orphan[]>(this);

  protected override willUpdate(changed: PropertyValues<this>): void {
    super.willUpdate(changed);
    const { host } = this;
    if (!changed.has('host') || !host) return;
    void this.#bisect.from(() => host.bisect());
    this.#readLeft(host);
  }

  #readLeft(host: AdminHost): void {
    void this.#left.from(() => host.orphans());
  }

  override render(): TemplateResult {
    const { host, words } = this;
    if (!host) return html`<p class="empty">${words.say('shared.noHost')}</p>`;
    const { failed } = this.#acts;
    return html`
      ${failed ? failure(words, failed.error) : nothing}
      ${host.may('install') ? this.#renderSearch(host) : nothing}
      <section aria-labelledby="safe">
        <h2 id="safe">${words.say('trouble.safe')}</h2>
        <p class="prose">${words.put('trouble.safeWhy', { address: mono('?plugins=off') })}</p>
        <div>
          ${host.disabled ? html`<a href=${safeModeHref(false)}>${words.say('admin.leaveSafe')}</a>` : html`<a href=${safeModeHref(true)}>${words.say('trouble.enterSafe')}</a>`}
        </div>
      </section>
      ${host.may('install') ? this.#renderLeft(host) : nothing}
    `;
  }

  #renderSearch(host: AdminHost) {
    const { words } = this;
    const { read, value: bisect } = this.#bisect;
    return html`
      <section aria-labelledby="search">
        <h2 id="search">${words.say('trouble.search')}</h2>
        ${read.state === 'failed' ? failure(words, read.error, 'note') : nothing}
        ${bisect?.state ? this.#renderState(host, bisect, bisect.state) : nothing}
        ${bisect && !bisect.state ? this.#renderBegin(host, bisect) : nothing}
      </section>
    `;
  }

  #renderBegin(host: AdminHost, bisect: Bisect) {
    const { words } = this;
    const on = host.plugins.filter(({ enabled, state }) => enabled && state !== 'quarantined').length;
    if (on === 0) return html`<p class="subtle">${words.say('trouble.none')}</p>`;
    return html`
      <p class="prose">${words.say('trouble.searchWhy')} ${words.say('trouble.searchSteps', { n: Math.ceil(Math.log2(on)) + 1 })}</p>
      <div>${this.#button('begin', () => bisect.begin())}</div>
    `;
  }

  #renderState(host: AdminHost, bisect: Bisect, state: BisectState) {
    const { words } = this;
    const { found } = state;
    if (found === null) {
      return html`
        <p class="notice calm" role="status">${words.say('trouble.nobody')}</p>
        <div>${this.#button('end', () => bisect.end())}</div>
      `;
    }
    if (found !== undefined) {
      return html`
        <div class="notice calm" role="status">
          <p>${words.put('trouble.found', { plugin: link(host, found) })}</p>
          <p>${words.say('trouble.foundWhy')}</p>
        </div>
        <div class="row">
          ${this.#button('keepOff', () => bisect.end({ keepOff: true }), 'primary')}
          ${this.#button('backOn', () => bisect.end())}
        </div>
      `;
    }
    return html`
      <div class="notice calm" role="status">
        <p class="small subtle">${words.say('trouble.step', { step: state.step, steps: state.steps })}</p>
        <p><strong>${words.say('trouble.question')}</strong></p>
      </div>
      <div class="row">
        ${this.#button('still', () => bisect.answer(true))} ${this.#button('gone', () => bisect.answer(false))}
        ${this.#button('stop', () => bisect.end(), 'quiet')}
      </div>
      <p>${words.say('trouble.off', { n: state.off.length })}</p>
      <ul>${state.off.map((id) => html`<li>${link(host, id)}</li>`)}</ul>
    `;
  }

  #button(
    act: 'begin' | 'end' | 'keepOff' | 'backOn' | 'still' | 'gone' | 'stop',
    work: () => Promise<unknown>,
    kind = '',
  ) {
    return html`
      <button
        type="button"
        class=${kind}
        aria-disabled=${this.#acts.busy !== undefined}
        @click=${() => this.#acts.run(act, work)}
      >${this.words.say(`trouble.${act}`)}</button>
    `;
  }

  #renderLeft(host: AdminHost) {
    const { words } = this;
    const { read, value } = this.#left;
    return html`
      <section aria-labelledby="left">
        <h2 id="left">${words.say('trouble.left')}</h2>
        ${read.state === 'failed' ? failure(words, read.error, 'note') : nothing}
        ${value?.length === 0 ? html`<p class="subtle">${words.say('trouble.leftNothing')}</p>` : nothing}
        ${
          value && value.length > 0
            ? html`
          <p class="prose">${words.say('trouble.leftWhy')}</p>
          <ul class="left">${value.map((orphan) => this.#renderOrphan(host, orphan))}</ul>
        `
            : nothing
        }
      </section>
    `;
  }

  #renderOrphan(host: AdminHost, { id, name, since, bytes, installation }: Orphan) {
    const { words } = this;
    const shown = shownName({ id, name });
    const wipe = async (): Promise<void> => {
      await host.wipeOrphan(installation);
      this.#readLeft(host);
    };
    return html`
      <li>
        <span>${words.put('trouble.leftBy', { name: theirs(shown), time: words.time(since) })}</span>
        <span class="row">
          ${bytes === undefined ? nothing : html`<span class="subtle">${words.bytes(bytes)}</span>`}
          <button
            type="button"
            class="quiet"
            aria-label=${words.say('trouble.wipeName', { name: plain(shown) })}
            aria-disabled=${this.#acts.busy !== undefined}
            @click=${() => this.#acts.run('wipe', wipe)}
          >${words.say('trouble.wipe')}</button>
        </span>
      </li>
    `;
  }
}

function link(host: AdminHost, id: string) {
  const plugin = host.get(id);
  return html`<a href=${pluginHref(id)}>${theirs(plugin ? nameOf(plugin) : id)}</a>`;
}

/** This page, with all plugins off or without that. */
export function safeModeHref(on: boolean): string {
  const url = new URL(location.href);
  if (on) url.searchParams.set('plugins', 'off');
  else url.searchParams.delete('plugins');
  return url.href;
}

declare global {
  interface HTMLElementTagNameMap {
    'cloche-trouble': ClocheTrouble;
  }
}
