// The dialog that asks for an optional permission, at the moment of use.

import { html, nothing, type TemplateResult } from 'lit';
import type { Words } from '../../words/words.ts';
import { shownName } from '../base/plugin-state.ts';
import { mono, theirs } from '../base/theirs.ts';
import { type Choice, DURATIONS } from './choice.ts';
import type { UseRequest } from './consent-events.ts';
import { lines } from './consent-parts.ts';

const CHOICES = {
  once: ['consent.once', 'consent.onceHint'],
  session: ['consent.session', 'consent.sessionHint'],
  always: ['consent.forGood', 'consent.forGoodHint'],
} as const;

interface UseView {
  readonly request: UseRequest;
  readonly choice: Choice;
  readonly isInert: boolean;
  yes(): void;
  no(): void;
  /** Ends the questions of a plugin that asks too often. */
  readonly mute: (() => void) | undefined;
}

export function useView(words: Words, { request, choice, isInert, yes, no, mute }: UseView): TemplateResult {
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
              <input type="radio" name="duration" value=${value} .checked=${choice.duration === value} @change=${choice.takeDuration} />
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
