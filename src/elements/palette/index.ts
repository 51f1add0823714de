// The command palette, an element of its own: importing this defines it.

export { defineMessages } from '../words/catalogue.ts';
export type { PaletteCommand, PaletteHost } from './host-like.ts';
export type { Keymap } from './keymap.ts';
export { ClochePalette } from './palette.ts';
export { CommandRunEvent } from './palette-events.ts';
