// Settings of a plugin that has no schema: names and texts.

import { html, nothing, type TemplateResult } from 'lit';
import type { Words } from '../../words/words.ts';
import { plain } from '../base/theirs.ts';

export interface Pair {
  readonly name: string;
  readonly value: string;
  /** The manifest has one of its name, which would show through. */
  readonly isOwn: boolean;
}

/** @param change is given all of them, as they are from now on */
export function renderPairs(
  words: Words,
  pairs: readonly Pair[],
  mayChange: boolean,
  change: (pairs: readonly Pair[]) => void,
): TemplateResult {
  const set = (at: number, part: Partial<Pair>): void =>
    change(pairs.map((pair, index) => (index === at ? { ...pair, ...part } : pair)));
  return html`
    ${pairs.length === 0 ? html`<p class="subtle">${words.say(mayChange ? 'config.noneYet' : 'config.none')}</p>` : nothing}
    ${pairs.map((pair, at) => {
      const isTwice = pairs.findIndex(({ name }) => name === pair.name) < at && pair.name !== '';
      return html`
        <div class="pair">
          <div class="field">
            <label for="name-${at}">${words.say('config.name')}</label>
            <input
              id="name-${at}"
              class="mono"
              dir="auto"
              maxlength="1000"
              .value=${pair.name}
              ?readonly=${pair.isOwn}
              aria-invalid=${isTwice ? 'true' : 'false'}
              aria-describedby=${isTwice ? `twice-${at}` : nothing}
              @input=${(event: Event) => set(at, { name: valueIn(event) })}
            />
          </div>
          <div class="field">
            <label for="value-${at}">${words.say('config.value')}</label>
            <input
              id="value-${at}"
              dir="auto"
              .value=${pair.value}
              @input=${(event: Event) => set(at, { value: valueIn(event) })}
            />
          </div>
          ${
            mayChange && !pair.isOwn
              ? html`<button
                  type="button"
                  class="remove"
                  aria-label=${words.say('config.removeIt', { field: plain(pair.name) })}
                  @click=${() => change(pairs.filter((_, index) => index !== at))}
                >
                  ${words.say('config.remove')}
                </button>`
              : nothing
          }
          ${isTwice ? html`<p id="twice-${at}" class="error">${words.say('config.twice')}</p>` : nothing}
        </div>
      `;
    })}
    ${
      mayChange
        ? html`<div>
            <button type="button" class="add" @click=${() => change([...pairs, { name: '', value: '', isOwn: false }])}>
              ${words.say('config.add')}
            </button>
          </div>`
        : nothing
    }
  `;
}

function valueIn(event: Event): string {
  return (event.target as HTMLInputElement).value;
}
