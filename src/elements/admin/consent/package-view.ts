// The dialog that asks whether a package may be installed, or take the place of what is.

import { html, nothing, type TemplateResult } from 'lit';
import type { Words } from '../../words/words.ts';
import type { AdminHost } from '../base/admin-host.ts';
import { shownName, versionText } from '../base/plugin-state.ts';
import { theirs } from '../base/theirs.ts';
import type { Choice } from './choice.ts';
import type { PackageRequest } from './consent-events.ts';
import { facts, leftData, lines, pageNotes } from './consent-parts.ts';
import { missingOf } from './consent-text.ts';

interface PackageView {
  readonly host: AdminHost | undefined;
  readonly request: PackageRequest;
  readonly choice: Choice;
  readonly isInert: boolean;
  yes(): void;
  no(): void;
}

export function packageView(words: Words, view: PackageView): TemplateResult {
  const { host, request, isInert } = view;
  const { ticked, tick, data, takeData } = view.choice;
  const { kind, review, text, decides, waits, left } = request;
  const isWhole = review.requests.every(({ status }) => status !== 'stubbed');
  const missing = decides ? missingOf(text.offered, ticked).length : 0;
  const mayInstall = host?.may('install') ?? false;
  return html`
    <h2 id="title">${words.put(`consent.${kind}Title`, { plugin: theirs(shownName(review.manifest)) })}</h2>
    <div class="body stack" ?inert=${isInert}>
      ${facts(words, review, host?.limits)}
      ${lines(words, { request, ticked, onTick: tick })}
      ${left ? leftData(words, left, data, takeData) : nothing}
      ${host ? pageNotes(words, host.environment, isWhole) : nothing}
      ${missing > 0 ? html`<p class="notice">${words.say('consent.missing')}</p>` : nothing}
      ${decides ? nothing : html`<p class="notice">${words.say(waits ? 'consent.mayNotAccept' : 'consent.noRole')}</p>`}
      ${mayInstall ? nothing : html`<p class="notice">${words.say('consent.mayNotInstall')}</p>`}
    </div>
    <div class="actions" ?inert=${isInert}>
      <button type="button" class="no" @click=${view.no}>
        ${
          kind === 'update' && review.replaces !== undefined
            ? html`<span>${words.put('consent.keepOld', { version: versionText(words, review.replaces, theirs(review.replaces, 40)) })}</span>`
            : words.say('shared.cancel')
        }
      </button>
      ${
        mayInstall && (decides || !waits)
          ? html`<button type="button" class="yes primary" @click=${view.yes}>
              ${missing > 0 ? words.say(`consent.${kind}Without`, { n: missing }) : words.say(`consent.${kind}`)}
            </button>`
          : nothing
      }
    </div>
  `;
}
