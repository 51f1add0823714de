// A host with three commands in memory, for tests of <cloche-palette>.

import { html } from 'lit';
import '../../src/elements/palette/palette.ts';
import type { PaletteCommand } from '../../src/elements/palette/host-like.ts';
import type { Keymap } from '../../src/elements/palette/keymap.ts';
import type { ClochePalette } from '../../src/elements/palette/palette.ts';
import { find, press, renderElement, settled, textOf } from '../helpers/render.ts';

export const command = (name: string, fields: Partial<PaletteCommand> = {}): PaletteCommand => ({
  name,
  plugin: name.split('.')[0] ?? '',
  description: '',
  params: [],
  returnType: '',
  ...fields,
});

const COMMANDS = [
  command('case.upper', { description: 'Makes letters <b>large</b>' }),
  command('harpoon.set', { params: [{ name: 'index', type: 'int' }], returnType: 'string' }),
  command('slow.wait'),
];

export class FakeHost extends EventTarget {
  commands: readonly PaletteCommand[] = COMMANDS;
  readonly ran: string[] = [];
  aborted = false;

  async run(name: string, args: string, { signal }: { signal?: AbortSignal } = {}): Promise<string> {
    this.ran.push(`${name} ${args}`.trim());
    if (name === 'slow.wait') {
      return new Promise((_, reject) =>
        signal?.addEventListener('abort', () => {
          this.aborted = true;
          reject(signal.reason);
        }),
      );
    }
    if (args === '13') throw new Error('no thirteen');
    return name === 'harpoon.set' ? `set ${args}` : '';
  }
}

export async function palette(keymap: Keymap = {}): Promise<{ element: ClochePalette; host: FakeHost }> {
  localStorage.removeItem('cloche-palette-recent');
  const host = new FakeHost();
  const element = await renderElement<ClochePalette>(
    html`<cloche-palette .host=${host} .keymap=${keymap} open></cloche-palette>`,
  );
  await drawn(element);
  return { element, host };
}

export const drawn = (element: ClochePalette): Promise<void> => settled(element.parentElement ?? document);
export const search = (element: ClochePalette): HTMLInputElement => find(element, '.search');

export const options = (element: ClochePalette): string[] =>
  [...(element.shadowRoot?.querySelectorAll('[role=option]') ?? [])].map((one) => textOf(one));

export async function type(element: ClochePalette, text: string): Promise<void> {
  search(element).value = text;
  search(element).dispatchEvent(new InputEvent('input', { bubbles: true }));
  await drawn(element);
}

export async function key(element: ClochePalette, name: string): Promise<void> {
  press(search(element), name);
  await drawn(element);
}
