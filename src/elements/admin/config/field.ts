// One field of the form: native inputs, with what is wrong beside them.

import { html, nothing, type TemplateResult } from 'lit';
import type { SecretState } from '../../../index.ts';
import type { Words } from '../../words/words.ts';
import { mono, plain, TEXT_BYTES, theirs } from '../base/theirs.ts';
import type { Draft, FormField, Misread, ShownProblem } from './config-fields.ts';

export interface ShownField {
  /** Its place in the form: names are the plugin's, and no ids. */
  readonly at: number;
  readonly field: FormField;
  readonly draft: Draft;
  /** What holds where nothing is entered, as text. */
  readonly own: string | undefined;
  readonly secret: SecretState | undefined;
  readonly problems: readonly ShownProblem[];
  readonly misread: Misread | undefined;
  readonly mayChange: boolean;
  readonly enter: (draft: Draft) => void;
}

export function renderField(words: Words, shown: ShownField): TemplateResult {
  const { at, field } = shown;
  const mark = words.say(field.required ? 'config.required' : 'config.optional');
  // To a screen reader the space between them is none.
  const label = html`${theirs(field.title, 300)}<span class="hidden-text">, </span> <span class="mark subtle small">${mark}</span>`;
  const parts = html`${hint(words, shown)}${errors(words, shown)}`;
  if (field.kind === 'secret') {
    return html`<div class="field" role="group" aria-labelledby="label-${at}">
      <span class="label" id="label-${at}">${label}</span>${secret(words, shown)}${parts}
    </div>`;
  }
  if (field.kind === 'switch') {
    return html`<div class="field">
      <div class="switch">${input(words, shown)}<label for="field-${at}">${label}</label></div>
      ${parts}
    </div>`;
  }
  return html`<div class="field"><label for="field-${at}">${label}</label>${input(words, shown)}${parts}</div>`;
}

function input(words: Words, shown: ShownField): TemplateResult {
  const { at, field, draft, enter } = shown;
  const isWrong = shown.problems.length > 0 || shown.misread !== undefined;
  const invalid = isWrong ? 'true' : 'false';
  const required = field.required ? 'true' : 'false';
  const described = `hint-${at} error-${at}`;
  const typed = (event: Event): void => enter({ ...draft, text: (event.target as HTMLInputElement).value });
  switch (field.kind) {
    case 'switch':
      return html`<input
        id="field-${at}"
        type="checkbox"
        .checked=${draft.text === 'true'}
        aria-invalid=${invalid}
        aria-describedby=${described}
        @change=${(event: Event) => enter({ text: String((event.target as HTMLInputElement).checked) })}
      />`;
    case 'choice':
      return html`<select
        id="field-${at}"
        dir="auto"
        aria-invalid=${invalid}
        aria-required=${required}
        aria-describedby=${described}
        @change=${typed}
      >
        <option value="" ?selected=${draft.text === ''}>${words.say('config.choose')}</option>
        ${field.choices.map(
          ({ label }, index) =>
            html`<option value=${index} ?selected=${draft.text === String(index)}>${plain(label, 300)}</option>`,
        )}
      </select>`;
    case 'lines':
    case 'json':
    case 'long-text':
      return html`<textarea
        id="field-${at}"
        class=${field.kind === 'json' ? 'mono' : ''}
        dir="auto"
        spellcheck="false"
        aria-invalid=${invalid}
        aria-required=${required}
        aria-describedby=${described}
        .value=${draft.text}
        @input=${typed}
      ></textarea>`;
    default:
      // Without `pattern`: a browser would run the plugin's expression, and it may take for ever.
      return html`<input
        id="field-${at}"
        data-at=${at}
        type=${field.kind}
        dir=${field.kind === 'url' || field.kind === 'email' ? 'ltr' : 'auto'}
        min=${field.kind === 'number' ? (field.min ?? nothing) : nothing}
        max=${field.kind === 'number' ? (field.max ?? nothing) : nothing}
        step=${field.kind === 'number' ? (field.isInteger ? '1' : 'any') : nothing}
        aria-invalid=${invalid}
        aria-required=${required}
        aria-describedby=${described}
        .value=${draft.text}
        @input=${typed}
      />`;
  }
}

function secret(words: Words, shown: ShownField): TemplateResult {
  const { at, field, draft, enter, mayChange } = shown;
  const state = shown.secret ?? 'unset';
  const isThere = state === 'set' || state === 'memory';
  const name = { field: plain(field.title) };
  const isWrong = shown.problems.length > 0 ? 'true' : 'false';
  if (draft.secret === 'forget') {
    return html`<div class="row">
      <span>${words.say('config.secret.forgotten')}</span>
      <button type="button" class="keep" aria-label=${words.say('config.keepIt', name)} @click=${() => enter({ text: '' })}>
        ${words.say('config.keep')}
      </button>
    </div>`;
  }
  const said = html`<span class=${state === 'unavailable' ? 'error' : ''}>${words.say(`config.secret.${state}`)}</span>`;
  if (isThere && draft.secret !== 'replace') {
    return html`<div class="row">
      ${said}
      ${
        mayChange
          ? html`<button
                type="button"
                class="replace"
                aria-label=${words.say('config.replaceIt', name)}
                @click=${() => enter({ text: '', secret: 'replace' })}
              >
                ${words.say('config.replace')}
              </button>
              <button
                type="button"
                class="forget"
                aria-label=${words.say('config.forgetIt', name)}
                @click=${() => enter({ text: '', secret: 'forget' })}
              >
                ${words.say('config.forget')}
              </button>`
          : nothing
      }
    </div>`;
  }
  return html`
    <div class="row">
      ${draft.secret === 'replace' ? nothing : said}
      ${
        draft.secret === 'replace'
          ? html`<button type="button" class="keep" aria-label=${words.say('config.keepIt', name)} @click=${() => enter({ text: '' })}>
              ${words.say('config.keep')}
            </button>`
          : nothing
      }
    </div>
    <input
      type="password"
      autocomplete="off"
      spellcheck="false"
      aria-labelledby="label-${at}"
      aria-invalid=${isWrong}
      aria-required=${field.required && !isThere ? 'true' : 'false'}
      aria-describedby="hint-${at} error-${at}"
      .value=${draft.text}
      @input=${(event: Event) => enter({ ...draft, text: (event.target as HTMLInputElement).value })}
    />
  `;
}

function hint(words: Words, { at, field, own }: ShownField): TemplateResult {
  const { kind, description, hosts } = field;
  const choice = kind === 'choice' ? field.choices.find(({ value }) => textOfOwn(value) === own)?.label : own;
  return html`<p class="hint" id="hint-${at}">
    ${description ? theirs(description, TEXT_BYTES) : nothing}
    ${kind === 'lines' ? words.say('config.perLine') : nothing} ${kind === 'json' ? words.say('config.json') : nothing}
    ${
      kind === 'secret'
        ? hosts
          ? words.put('config.secret.hosts', { hosts: mono(hosts.join(', '), 1_000) })
          : words.say('config.secret.anyHost')
        : nothing
    }
    ${choice && kind !== 'switch' ? words.put('config.own', { value: mono(choice) }) : nothing}
  </p>`;
}

function textOfOwn(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function errors(words: Words, { at, problems, misread }: ShownField): TemplateResult {
  return html`<div id="error-${at}">
    ${misread ? html`<p class="error">${words.say(`config.problem.${misread}`)}</p>` : nothing}
    ${
      misread
        ? nothing
        : problems.map(
            (problem) => html`<p class="error">
              <span>
                ${problem.within === undefined ? nothing : words.put('config.within', { place: mono(problem.within) })}
                ${problemText(words, problem)}
              </span>
            </p>`,
          )
    }
  </div>`;
}

function problemText(words: Words, { kind, limit, text }: ShownProblem): unknown {
  if (kind === 'other') return html`${words.say('config.problem.other')} ${theirs(text, 500)}`;
  if (kind === 'required' || kind === 'choice' || kind === 'secret') return words.say(`config.problem.${kind}`);
  return words.put(`config.problem.${kind}`, { limit: mono(limit) });
}
