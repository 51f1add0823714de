// The dialog while something is under way, and where that has failed.

import { html, nothing, type TemplateResult } from 'lit';
import type { PrepareRecord } from '../../../events.ts';
import type { Words } from '../../words/words.ts';
import { failure } from '../base/failure.ts';

export interface ProgressStage {
  readonly kind: 'reading' | 'working';
  readonly preparing?: PrepareRecord;
}

export interface FailedStage {
  readonly kind: 'failed';
  readonly error: unknown;
  /** Something of what was decided may have been done. */
  readonly hasBegun: boolean;
}

export function progressView(words: Words, { kind, preparing }: ProgressStage, cancel: () => void): TemplateResult {
  return html`
    <h2 id="title">${words.say(`consent.${kind}Title`)}</h2>
    <div class="body stack late" role="status">
      <p>
        ${preparing && kind === 'reading' ? words.say('consent.preparing', { size: words.bytes(preparing.bytes) }) : words.say(`consent.${kind}`)}
      </p>
      <progress
        aria-label=${words.say('shared.loading')}
        max=${preparing?.total ?? nothing}
        value=${preparing?.done ?? nothing}
      ></progress>
    </div>
    <div class="actions">
      <button type="button" @click=${cancel}>${words.say('shared.cancel')}</button>
    </div>
  `;
}

export function failedView(words: Words, { error, hasBegun }: FailedStage, close: () => void): TemplateResult {
  return html`
    <h2 id="title">${words.say('consent.failedTitle')}</h2>
    <div class="body stack">${failure(words, error)}${hasBegun ? nothing : html`<p>${words.say('consent.nothingChanged')}</p>`}</div>
    <div class="actions">
      <button type="button" @click=${close}>${words.say('shared.close')}</button>
    </div>
  `;
}
