// What comes after the list: the fields of a command, that it runs, and what came of it.

import { html, nothing, type TemplateResult } from 'lit';
import { declared, isOptional } from '../../manifest/command-arguments.ts';
import { fieldOf } from './arguments.ts';
import type { PaletteCommand } from './host-like.ts';
import { line, lines } from './shown.ts';

/** What the palette shows: the list; the fields of a command; one that runs; what came of it. */
export type Step =
  | { readonly is: 'list' }
  | { readonly is: 'arguments'; readonly command: PaletteCommand; readonly problems: readonly string[] }
  | { readonly is: 'running'; readonly name: string; readonly end: AbortController }
  | { readonly is: 'result'; readonly name: string; readonly text: string; readonly failed: boolean };

type StepThat<Is extends Step['is']> = Extract<Step, { is: Is }>;

export function argumentsView(
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
            <label class="theirs" for="param-${i}">${line(declared(param)) || `Argument ${i + 1}`}</label>
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
            ${problem ? html`<p class="problem theirs" id="problem-${i}">${line(problem)}</p>` : nothing}
          </div>
        `;
      })}
      <div class="actions">
        <button type="button" @click=${back}>Back</button>
        <button type="submit" class="primary">Run</button>
      </div>
    </form>
  `;
}

export function runningView({ name }: StepThat<'running'>, stop: (event: Event) => void): TemplateResult {
  return html`
    <form @submit=${(event: Event) => event.preventDefault()}>
      <p role="status"><bdi class="name theirs">${line(name)}</bdi> is running.</p>
      <div class="actions"><button type="button" data-focus @click=${stop}>Stop</button></div>
    </form>
  `;
}

export function resultView({ name, text, failed }: StepThat<'result'>, back: (event: Event) => void): TemplateResult {
  return html`
    <form method="dialog">
      <p><bdi class="name theirs">${line(name)}</bdi> ${failed ? 'failed:' : 'gave:'}</p>
      <pre class="result theirs" role=${failed ? 'alert' : 'status'} tabindex="0">${lines(text)}</pre>
      <div class="actions">
        <button type="button" @click=${back}>Back</button>
        <button type="submit" class="primary" data-focus>Close</button>
      </div>
    </form>
  `;
}
