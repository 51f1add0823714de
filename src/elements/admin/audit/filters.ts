// Which rows are shown: of which plugin, from which level on, with which text.

import { html, nothing, type TemplateResult } from 'lit';
import type { LogLevel } from '../../../index.ts';
import type { Words } from '../../words/words.ts';
import { plain } from '../base/theirs.ts';
import { LEVELS } from './audit-rows.ts';

export interface ChosenFilter {
  /** Id; empty for all. */
  readonly chosen: string;
  readonly level: LogLevel;
  readonly text: string;
}

export interface ShownFilter extends ChosenFilter {
  /** Ids that can be chosen; undefined where one plugin alone is shown. */
  readonly plugins: readonly string[] | undefined;
}

/** @param choose is given what is another from now on */
export function filters(
  words: Words,
  { plugins, chosen, level, text }: ShownFilter,
  choose: (filter: Partial<ChosenFilter>) => void,
): TemplateResult {
  return html`
    <div class="filters" role="search" aria-label=${words.say('audit.label')}>
      ${
        plugins
          ? html`<label>
              ${words.say('audit.plugin')}
              <select class="of-plugin" @change=${(event: Event) => choose({ chosen: valueIn(event) })}>
                <option value="">${words.say('audit.allPlugins')}</option>
                ${plugins.map((id) => html`<option value=${id} ?selected=${id === chosen}>${plain(id)}</option>`)}
              </select>
            </label>`
          : nothing
      }
      <label>
        ${words.say('audit.level')}
        <select class="of-level" @change=${(event: Event) => choose({ level: valueIn(event) as LogLevel })}>
          ${LEVELS.map(
            (one) => html`<option value=${one} ?selected=${one === level}>${words.say(`audit.level.${one}`)}</option>`,
          )}
        </select>
      </label>
      <label class="text">
        ${words.say('audit.search')}
        <input
          type="search"
          dir="auto"
          spellcheck="false"
          .value=${text}
          @input=${(event: Event) => choose({ text: valueIn(event) })}
        />
      </label>
    </div>
  `;
}

function valueIn(event: Event): string {
  return (event.target as HTMLInputElement | HTMLSelectElement).value;
}
