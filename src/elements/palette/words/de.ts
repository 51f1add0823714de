// Words of `<cloche-palette>`, in German; comes late.

import type { Translation } from '../../words/message-key.ts';
import type { palette as en } from './en.ts';

export const palette: Translation<typeof en> = {
  'palette.label': 'Befehle',
  'palette.command': 'Befehl',
  'palette.type': 'Befehl ausführen',
  'palette.count': { one: '{n} Befehl', other: '{n} Befehle' },
  'palette.none': 'Kein eingeschaltetes Plugin hat einen Befehl.',
  'palette.noneFits': 'Kein Befehl passt.',
  'palette.argument': 'Argument {n}',
  'palette.enter': 'Geben Sie {parameter} ein.',
  'palette.enterBefore': 'Geben Sie {parameter} ein, da eines dahinter angegeben ist.',
  'palette.expected': 'Erwartet wird {parameter}.',
  'palette.noJson': 'Erwartet wird {parameter}, und das ist kein JSON.',
  'palette.back': 'Zurück',
  'palette.run': 'Ausführen',
  'palette.running': '{command} läuft.',
  'palette.stop': 'Anhalten',
  'palette.failed': '{command} ist fehlgeschlagen:',
  'palette.gave': '{command} ergab:',
  'palette.close': 'Schließen',
};
