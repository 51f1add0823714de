// The dialog that asks for an optional permission, at the moment of use.

import { html, nothing, type TemplateResult } from 'lit';
import type { Words } from '../../words/words.ts';
import { shownName } from '../base/plugin-state.ts';
import { mono, theirs } from '../base/theirs.ts';
import type { UseRequest } from './consent-events.ts';
import { lines } from './consent-parts.ts';

/** For how long a use may be allowed. */
export const DURATIONS = ['once', 'session', 'always'] as const;
export type Duration = (typeof DURATIONS)[number];

const CHOICES = {
  once: ['consent.once', 'consent.onceHint'],
  session: ['consent.session', 'consent.sessionHint'],
  always: ['consent.forGood', 'consent.forGoodHint'],
} as const;

interface UseView {
  readonly request: UseRequest;
  readonly duration: Duration;
  readonly isInert: boolean;
  onDuration(event: Event): void;
  yes(): void;
  no(): void;
  /** Ends the questions of a plugin that asks too often. */
  readonly mute: (() => void) | undefined;
}

export function useView(
  words: Words,
  { request, duration, isInert, onDuration, yes, no, mute }: UseView,
): TemplateResult {
  const { plugin } = request.question;
  return html`
    <h2 id="title">${words.put('consent.askTitle', { plugin: theirs(shownName(plugin)) })}</h2>
    <div class="body stack" ?inert=${isInert}>
      <p class="subtle small">
        ${words.say('consent.host')} ${mono(plugin.id)} ${theirs(plugin.version, 40)}
      </p>
      ${lines(words, { line: request.line })}
      <fieldset>
        <legend>${words.say('consent.howLong')}</legend>
        ${DURATIONS.map((value) => {
          const [label, hint] = CHOICES[value];
          return html`
            <label class="choice">
              <input type="radio" name="duration" value=${value} .checked=${duration === value} @change=${onDuration} />
              <span>${words.say(label)} <span class="subtle small">${words.say(hint)}</span></span>
            </label>
          `;
        })}
      </fieldset>
    </div>
    <div class="actions" ?inert=${isInert}>
      ${mute ? html`<button type="button" class="quiet mute" @click=${mute}>${words.say('consent.mute')}</button>` : nothing}
      <button type="button" class="no" @click=${no}>${words.say('consent.no')}</button>
      <button type="button" class="yes primary" @click=${yes}>${words.say('consent.yes')}</button>
    </div>
  `;
}
