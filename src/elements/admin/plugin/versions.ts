// The version before, and what became of a plugin.

import { html, nothing, type TemplateResult } from 'lit';
import type { HistoryEntry, PreviousReview } from '../../../index.ts';
import type { Words } from '../../words/words.ts';
import { versionText } from '../base/plugin-state.ts';
import { mono } from '../base/theirs.ts';
import { gainsOf } from '../consent/consent-text.ts';
import { sentence } from '../consent/sentence.ts';

/** @param goBack undefined where nobody here may */
export function previousVersion(
  words: Words,
  previous: PreviousReview | undefined,
  goBack: (() => void) | undefined,
): TemplateResult {
  if (!previous) return html`<p class="subtle">${words.say('plugin.noPrevious')}</p>`;
  const version = versionText(words, previous.manifest.version);
  const gains = gainsOf(previous.changes);
  return html`
    <p>${words.put('plugin.previous', { version, time: words.time(previous.replacedAt) })}</p>
    ${
      gains.length === 0
        ? nothing
        : html`
      <p>${words.say('plugin.rollbackMore')}</p>
      <ul class="plain">${gains.map(({ sentence: said, change }) => html`<li>${change === 'lifted' ? `${words.say('consent.lifted')} ` : nothing}${sentence(words, said)}</li>`)}</ul>
    `
    }
    ${
      goBack
        ? html`
      <p class="subtle small">${words.say('plugin.rollbackHint')}</p>
      <div><button type="button" @click=${goBack}><span>${words.put('plugin.rollback', { version })}</span></button></div>
    `
        : nothing
    }
  `;
}

/** Newest first. */
export function history(words: Words, entries: readonly HistoryEntry[]): TemplateResult | typeof nothing {
  if (entries.length === 0) return nothing;
  return html`
    <details>
      <summary>${words.say('plugin.history', { n: entries.length })}</summary>
      <ol class="history">
        ${[...entries].reverse().map(
          ({ time, action, version }) => html`
            <li><time class="subtle">${words.time(time)}</time> ${words.say(`plugin.did.${action}`)} ${version ? mono(version, 40) : nothing}</li>
          `,
        )}
      </ol>
    </details>
  `;
}
