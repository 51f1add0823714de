// The version before, and what became of a plugin.

import { html, nothing, type TemplateResult } from 'lit';
import type { HistoryEntry, PreviousReview } from '../../../index.ts';
import { mono } from '../base/theirs.ts';
import { sentence } from '../consent/sentence.ts';
import type { Words } from '../words/words.ts';

/** @param goBack undefined where nobody here may */
export function previousVersion(
  words: Words,
  previous: PreviousReview | undefined,
  goBack: (() => void) | undefined,
): TemplateResult {
  if (!previous) return html`<p class="subtle">${words.say('plugin.noPrevious')}</p>`;
  const version = mono(previous.manifest.version, 40);
  const more = previous.changes.filter(({ kind }) => kind === 'added' || kind === 'widened');
  const sentences = more.flatMap((change) => change.sentences.filter((one) => one.change === 'added'));
  return html`
    <p>${words.put('plugin.previous', { version, time: words.time(previous.replacedAt) })}</p>
    ${
      sentences.length === 0
        ? nothing
        : html`
      <p>${words.say('plugin.rollbackMore')}</p>
      <ul class="plain">${sentences.map((said) => html`<li>${sentence(words, said)}</li>`)}</ul>
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
