// What a plugin may do, riskiest first: what is allowed, and after that what it asks for and may not.

import { html, nothing, type TemplateResult } from 'lit';
import type { PluginRequest, Sentence } from '../../../index.ts';
import type { Words } from '../../words/words.ts';
import { quoted } from '../base/theirs.ts';
import { sentence, sentenceText } from '../consent/sentence.ts';

/** Every plugin may write to its log: nobody takes that back. */
const ALWAYS = 'log';

interface Decide {
  /** Whether somebody here may decide at all. */
  readonly mayDecide: boolean;
  revoke(capability: string): void;
  allow(request: PluginRequest): void;
}

export function permissions(words: Words, requests: readonly PluginRequest[], decide: Decide): TemplateResult {
  if (requests.length === 0) return html`<p class="subtle">${words.say('plugin.asksNothing')}</p>`;
  const given = requests.filter((request) => request.given.length > 0);
  const missing = requests.filter((request) => request.missing.length > 0);
  return html`
    ${
      given.length === 0
        ? nothing
        : html`
      <h4 id="allowed">${words.say('plugin.allowed')}</h4>
      <ul class="permissions" aria-labelledby="allowed">
        ${given.map((request) => line(words, request, request.given, revokeButton(words, request, decide)))}
      </ul>
    `
    }
    ${
      missing.length === 0
        ? nothing
        : html`
      <h4 id="missing">${words.say('plugin.notAllowed')}</h4>
      <ul class="permissions missing" aria-labelledby="missing">
        ${missing.map((request) => line(words, request, request.missing, allowButton(words, request, decide)))}
      </ul>
    `
    }
  `;
}

function line(
  words: Words,
  { risk, reason, needsServer }: PluginRequest,
  sentences: readonly Sentence[],
  button: unknown,
) {
  return html`
    <li>
      <div class="said">
        ${sentences.map((said) => html`<span>${sentence(words, said)}</span>`)}
        <span class="small risk ${risk}">${words.say(`risk.${risk}`)}</span>
        ${needsServer ? html`<span class="small near">${sentence(words, needsServer)}</span>` : nothing}
        ${reason ? html`<span class="small"><span class="subtle">${words.say('plugin.reason')}</span> ${quoted(reason)}</span>` : nothing}
      </div>
      ${button}
    </li>
  `;
}

function revokeButton(words: Words, { capability, given }: PluginRequest, { mayDecide, revoke }: Decide) {
  if (!mayDecide || capability === ALWAYS) return nothing;
  const name = words.say('plugin.revokeName', { what: inWords(words, given) });
  return html`
    <button type="button" class="quiet" aria-label=${name} @click=${() => revoke(capability)}>${words.say('plugin.revoke')}</button>
  `;
}

/** Only what the page has room for: the rest is nobody's to allow here. */
function allowButton(words: Words, request: PluginRequest, { mayDecide, allow }: Decide) {
  const isPossible = request.status === 'granted' || request.status === 'partly' || request.status === 'unasked';
  if (!mayDecide || !isPossible || (request.status === 'partly' && request.granted)) return nothing;
  const name = words.say('plugin.allowName', { what: inWords(words, request.missing) });
  return html`
    <button type="button" aria-label=${name} @click=${() => allow(request)}>${words.say('plugin.allow')}</button>
  `;
}

/** For a screen reader, which reads buttons one after another, without what stands beside them. */
function inWords(words: Words, sentences: readonly Sentence[]): string {
  return sentences.map((said) => sentenceText(words, said)).join(' ');
}
