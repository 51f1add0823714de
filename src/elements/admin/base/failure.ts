// An error for people: what it means, in their language, and below it, to be opened, what exactly happened.

import { html, nothing, type TemplateResult } from 'lit';
import { ClocheError, messageOf } from '../../../errors.ts';
import type { MessageKey } from '../../words/message-key.ts';
import type { Words } from '../../words/words.ts';
import { en } from '../words/en/index.ts';
import { mono, theirLines } from './theirs.ts';

/** @param role `alert` where somebody waits for the answer, `note` where it only stands there */
export function failure(words: Words, error: unknown, role: 'alert' | 'note' = 'alert'): TemplateResult {
  const code = error instanceof ClocheError ? error.code : undefined;
  const detail = error instanceof ClocheError ? error.detail : undefined;
  return html`
    <div class="failure" part="failure" role=${role}>
      <p>${errorText(words, code)}</p>
      <details>
        <summary>${words.say('shared.details')}</summary>
        ${code ? mono(code) : nothing}
        ${theirLines(messageOf(error).replaceAll('`', ''))}
        ${detail ? html`<p class="subtle small">${words.say('shared.pluginSays')}</p>${theirLines(detail)}` : nothing}
      </details>
    </div>
  `;
}

/** What a code means, for people. @param code of a `ClocheError`; any other text means as much as none */
export function errorText(words: Words, code: string | undefined): string {
  return words.say(meaningOf(code));
}

type ErrorKey = Extract<MessageKey, `error.${string}`>;

function meaningOf(code: string | undefined): ErrorKey {
  const key = `error.${code}`;
  return Object.hasOwn(en, key) ? (key as ErrorKey) : 'error.other';
}
