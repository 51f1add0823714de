// The list of commands, and the field that it is searched by.

import { html, nothing, type TemplateResult } from 'lit';
import { declared } from '../../manifest/command-arguments.ts';
import type { Words } from '../words/words.ts';
import type { PaletteCommand } from './host-like.ts';
import type { Binding } from './keymap.ts';
import { line } from './shown.ts';

/** So many Page Up and Page Down go. */
const PAGE = 8;

export interface ListView {
  readonly commands: readonly PaletteCommand[];
  /** Whether there is any command to be found. */
  readonly hasAny: boolean;
  readonly query: string;
  /** Index of the one that Enter takes. */
  readonly chosen: number;
  readonly bindings: readonly Binding[];
  onInput(event: InputEvent): void;
  onKey(event: KeyboardEvent): void;
  point(index: number): void;
  take(command: PaletteCommand): void;
}

export function listView(words: Words, view: ListView): TemplateResult {
  const { commands, hasAny, query, chosen, onInput, onKey } = view;
  return html`
    <input
      class="search"
      data-focus
      type="text"
      role="combobox"
      aria-label=${words.say('palette.command')}
      aria-autocomplete="list"
      aria-expanded="true"
      aria-controls="commands"
      aria-activedescendant=${commands.length > 0 ? `command-${chosen}` : nothing}
      placeholder=${words.say('palette.type')}
      autocomplete="off"
      autocapitalize="off"
      spellcheck="false"
      enterkeyhint="go"
      .value=${query}
      @input=${onInput}
      @keydown=${onKey}
    />
    <ul
      class="list"
      id="commands"
      role="listbox"
      aria-label=${words.say('palette.label')}
      ?hidden=${commands.length === 0}
    >
      ${commands.map((command, i) => option(view, command, i))}
    </ul>
    ${commands.length === 0 ? html`<p class="empty">${words.say(hasAny ? 'palette.noneFits' : 'palette.none')}</p>` : nothing}
    <p class="hidden-text" role="status">${words.say('palette.count', { n: commands.length })}</p>
  `;
}

/** Where a key leads from the one that is chosen; undefined for a key that is not the list's. */
export function chosenBy(
  { key, ctrlKey }: Pick<KeyboardEvent, 'key' | 'ctrlKey'>,
  chosen: number,
  last: number,
): number | undefined {
  const moves: Record<string, number> = {
    ArrowDown: chosen === last ? 0 : chosen + 1,
    ArrowUp: chosen === 0 ? last : chosen - 1,
    PageDown: Math.min(last, chosen + PAGE),
    PageUp: Math.max(0, chosen - PAGE),
    // With Control they are the list's: alone they move in what is typed.
    ...(ctrlKey && { Home: 0, End: last }),
  };
  return Object.hasOwn(moves, key) ? Math.max(0, moves[key] ?? 0) : undefined;
}

function option({ chosen, bindings, point, take }: ListView, command: PaletteCommand, i: number): TemplateResult {
  const { name, params, returnType, description } = command;
  const keys = bindings.filter((binding) => binding.name === name);
  return html`
    <li
      id="command-${i}"
      role="option"
      aria-selected=${i === chosen}
      @pointermove=${() => point(i)}
      @click=${() => take(command)}
    >
      <span class="name theirs"
        >${line(name)}<span class="signature"
          >${params.map((param) => html` <span>${line(declared(param))}</span>`)}${returnType ? ` → ${line(returnType)}` : nothing}</span
        ></span
      >
      <span>${keys.map(({ keys: written, args }) => html`<kbd>${written}${args ? ` ${args}` : nothing}</kbd> `)}</span>
      ${description ? html`<span class="description theirs">${line(description)}</span>` : nothing}
    </li>
  `;
}
