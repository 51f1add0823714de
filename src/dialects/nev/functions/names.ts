// Capabilities of an editor, beside those that are also other plugins'.

/** What every plugin of an editor has: its own commands, events, registers and timers. */
export const EDITOR = 'editor';

/** To read and change settings of the app. */
export const SETTINGS = 'editor-settings';
