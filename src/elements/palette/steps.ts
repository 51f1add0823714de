// What comes after the list: the fields of a command, that it runs, and what came of it.

import { html, nothing, type TemplateResult } from 'lit';
import { declared, isOptional } from '../../manifest/command-arguments.ts';
import type { Words } from '../words/words.ts';
import { fieldOf, type Problem } from './arguments.ts';
import type { PaletteCommand } from './host-like.ts';
import { line, lines } from './shown.ts';

/** What the palette shows: the list; the fields of a command; one that runs; what came of it. */
export type Step =
  | { readonly is: 'list' }
  | { readonly is: 'arguments'; readonly command: PaletteCommand; readonly problems: readonly (Problem | undefined)[] }
  | { readonly is: 'running'; readonly name: string; readonly end: AbortController }
  | { readonly is: 'result'; readonly name: string; readonly text: string; readonly failed: boolean };

type StepThat<Is extends Step['is']> = Extract<Step, { is: Is }>;

export function argumentsView(
  words: Words,
  { command, problems }: StepThat<'arguments'>,
  submit: (event: SubmitEvent) => void,
  back: (event: Event) => void,
): TemplateResult {
  return html`
    <form @submit=${submit} novalidate>
      <h2 class="name theirs">${line(command.name)}</h2>
      ${command.description ? html`<p class="subtle theirs">${lines(command.description)}</p>` : nothing}
      ${command.params.map((param, i) => {
        const problem = problems[i];
        const field = fieldOf(param);
        return html`
          <div class="field">
            <label class="theirs" for="param-${i}">${line(declared(param)) || words.say('palette.argument', { n: i + 1 })}</label>
            ${
              field === 'choice'
                ? html`<select id="param-${i}" data-param ?data-focus=${i === 0}>
                    ${isOptional(param) ? html`<option value="" selected></option>` : nothing}
                    <option value="true">true</option>
                    <option value="false">false</option>
                  </select>`
                : html`<input
                    id="param-${i}"
                    data-param
                    ?data-focus=${i === 0}
                    class=${field === 'json' ? 'mono' : ''}
                    autocomplete="off"
                    spellcheck="false"
                    aria-invalid=${problem ? 'true' : nothing}
                    aria-describedby=${problem ? `problem-${i}` : nothing}
                  />`
            }
            ${problem ? html`<p class="problem" id="problem-${i}">${problemText(words, problem)}</p>` : nothing}
          </div>
        `;
      })}
      <div class="actions">
        <button type="button" @click=${back}>${words.say('palette.back')}</button>
        <button type="submit" class="primary">${words.say('palette.run')}</button>
      </div>
    </form>
  `;
}

function problemText(words: Words, { message, parameter }: Problem): readonly unknown[] {
  return words.put(message, { parameter: html`<bdi class="theirs">${line(parameter)}</bdi>` });
}

export function runningView(words: Words, { name }: StepThat<'running'>, stop: (event: Event) => void): TemplateResult {
  return html`
    <form @submit=${(event: Event) => event.preventDefault()}>
      <p role="status">${words.put('palette.running', { command: commandName(name) })}</p>
      <div class="actions"><button type="button" data-focus @click=${stop}>${words.say('palette.stop')}</button></div>
    </form>
  `;
}

export function resultView(
  words: Words,
  { name, text, failed }: StepThat<'result'>,
  back: (event: Event) => void,
): TemplateResult {
  return html`
    <form method="dialog">
      <p>${words.put(failed ? 'palette.failed' : 'palette.gave', { command: commandName(name) })}</p>
      <pre class="result theirs" role=${failed ? 'alert' : 'status'} tabindex="0">${lines(text)}</pre>
      <div class="actions">
        <button type="button" @click=${back}>${words.say('palette.back')}</button>
        <button type="submit" class="primary" data-focus>${words.say('palette.close')}</button>
      </div>
    </form>
  `;
}

function commandName(name: string): TemplateResult {
  return html`<bdi class="name theirs">${line(name)}</bdi>`;
}
