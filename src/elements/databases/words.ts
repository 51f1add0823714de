// What `<cloche-databases>` says, in English and German.

import { numbersIn, sayBy } from '../say.ts';

const en = {
  title: 'Databases',
  none: 'This plugin has no SQL database.',
  loading: 'Reading what is stored.',
  again: 'Try again',
  refresh: 'Look again',
  failedToList: 'The databases cannot be listed.',
  failedToRead: 'It cannot be read.',
  empty: 'nothing stored',
  asleep: 'asleep',
  open: 'open',
  elsewhere: 'open in another tab',
  damaged: 'cannot be opened',
  server: 'on a server',
  stored: 'Stored',
  storedOf: '{used} of {cap}',
  storedOnServer: '{size} on the server, all databases together. How much it may be is for the server to say.',
  sizeUnknown: 'How much is stored could not be found out.',
  near: 'near the limit',
  full: 'at the limit',
  memory: 'A commit is stored half a second after it at the latest.',
  durable: 'Each commit is stored before the plugin hears of it.',
  elsewhereNote: 'It can be read once that tab has let go of it.',
  show: 'Show tables',
  hide: 'Hide tables',
  showOf: 'Show tables of {name}',
  hideOf: 'Hide tables of {name}',
  loads: 'To open one, {size} are loaded first.',
  opening: 'Opening the database.',
  noTables: 'It has no tables.',
  tables: 'Tables of {name}',
  table: 'Table',
  rows: 'Rows',
  size: 'Size',
  view: 'view',
  partitioned: 'partitioned',
  'stored-view': 'stored view',
  foreign: 'foreign table',
  rowsOf: 'Rows of {name}',
  reading: 'Reading the rows.',
  noRows: 'It has no rows.',
  noMoreRows: 'There are no more rows.',
  estimated: 'about {n}',
  'at-least': 'more than {n}',
  notCounted: 'not counted',
  whyNotCounted:
    'Views, and tables with rules for their rows, are not counted: that would run what the plugin has written.',
  whyEstimated: 'Up to 10,000 rows are counted; “about” is the database’s own estimate.',
  range: 'Rows {from} to {to}',
  tableRange: 'Tables {from} to {to}',
  before: 'Before',
  next: 'Next',
  null: 'NULL',
  emptyText: 'empty text',
  cut: 'cut',
  moreColumns: 'It has more columns than are shown.',
  close: 'Close',
};

export type DatabaseWord = keyof typeof en;

const de: Readonly<Record<DatabaseWord, string>> = {
  title: 'Datenbanken',
  none: 'Dieses Plugin hat keine SQL-Datenbank.',
  loading: 'Es wird nachgesehen, was gespeichert ist.',
  again: 'Noch einmal versuchen',
  refresh: 'Neu nachsehen',
  failedToList: 'Die Datenbanken lassen sich nicht auflisten.',
  failedToRead: 'Sie lässt sich nicht lesen.',
  empty: 'nichts gespeichert',
  asleep: 'schläft',
  open: 'offen',
  elsewhere: 'in einem anderen Tab offen',
  damaged: 'lässt sich nicht öffnen',
  server: 'auf einem Server',
  stored: 'Gespeichert',
  storedOf: '{used} von {cap}',
  storedOnServer: '{size} auf dem Server, alle Datenbanken zusammen. Wie viel es sein darf, bestimmt der Server.',
  sizeUnknown: 'Wie viel gespeichert ist, ließ sich nicht feststellen.',
  near: 'nahe an der Grenze',
  full: 'an der Grenze',
  memory: 'Ein Commit ist spätestens eine halbe Sekunde danach gespeichert.',
  durable: 'Jeder Commit ist gespeichert, bevor das Plugin davon erfährt.',
  elsewhereNote: 'Sie lässt sich lesen, sobald jener Tab sie freigibt.',
  show: 'Tabellen zeigen',
  hide: 'Tabellen verbergen',
  showOf: 'Tabellen von {name} zeigen',
  hideOf: 'Tabellen von {name} verbergen',
  loads: 'Um eine zu öffnen, werden zuerst {size} geladen.',
  opening: 'Die Datenbank wird geöffnet.',
  noTables: 'Sie hat keine Tabellen.',
  tables: 'Tabellen von {name}',
  table: 'Tabelle',
  rows: 'Zeilen',
  size: 'Größe',
  view: 'Sicht',
  partitioned: 'partitioniert',
  'stored-view': 'gespeicherte Sicht',
  foreign: 'Fremdtabelle',
  rowsOf: 'Zeilen von {name}',
  reading: 'Die Zeilen werden gelesen.',
  noRows: 'Sie hat keine Zeilen.',
  noMoreRows: 'Es gibt keine weiteren Zeilen.',
  estimated: 'etwa {n}',
  'at-least': 'mehr als {n}',
  notCounted: 'nicht gezählt',
  whyNotCounted:
    'Sichten und Tabellen mit Regeln für ihre Zeilen werden nicht gezählt: Das würde ausführen, was das Plugin geschrieben hat.',
  whyEstimated: 'Bis 10.000 Zeilen werden gezählt; „etwa“ ist die Schätzung der Datenbank selbst.',
  range: 'Zeilen {from} bis {to}',
  tableRange: 'Tabellen {from} bis {to}',
  before: 'Davor',
  next: 'Weiter',
  null: 'NULL',
  emptyText: 'leerer Text',
  cut: 'gekürzt',
  moreColumns: 'Sie hat mehr Spalten, als gezeigt werden.',
  close: 'Schließen',
};

export const say = sayBy(en, de);

export function numberIn(language: string, value: number): string {
  return numbersIn(language).format(value);
}

const UNITS = ['KiB', 'MiB', 'GiB'] as const;

/** `512 bytes`, `1.5 KiB`, in the numbers of the language. */
export function bytesIn(language: string, bytes: number): string {
  const power = Math.min(UNITS.length, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const unit = UNITS[power - 1];
  const value = bytes / 1_024 ** power;
  const digits = unit === undefined || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  const number = numbersIn(language, { maximumFractionDigits: digits }).format(value);
  const noun = unit ?? (/^de\b/i.test(language) ? 'Byte' : bytes === 1 ? 'byte' : 'bytes');
  return `${number}\u00a0${noun}`;
}
