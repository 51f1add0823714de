// What `<cloche-tasks>` says, in English and German.

import { numbersIn, sayBy } from '../say.ts';

const en = {
  title: 'Tasks',
  none: 'No task has run yet.',
  loading: 'Reading the tasks.',
  failedToRead: 'The tasks cannot be read.',
  again: 'Try again',
  clear: 'Forget what is over',
  cancel: 'Stop',
  cancelNamed: 'Stop {name}',
  progressOf: 'Progress of {name}',
  pending: 'waiting',
  running: 'running',
  complete: 'complete',
  failed: 'failed',
  interrupted: 'interrupted',
  why: 'Interrupted: the page that ran it has ended.',
  under: '{n} under way',
  took: 'took {time}',
};

export type TaskWord = keyof typeof en;

const de: Readonly<Record<TaskWord, string>> = {
  title: 'Aufgaben',
  none: 'Noch ist keine Aufgabe gelaufen.',
  loading: 'Die Aufgaben werden gelesen.',
  failedToRead: 'Die Aufgaben lassen sich nicht lesen.',
  again: 'Noch einmal versuchen',
  clear: 'Beendete vergessen',
  cancel: 'Anhalten',
  cancelNamed: '{name} anhalten',
  progressOf: 'Fortschritt von {name}',
  pending: 'wartet',
  running: 'läuft',
  complete: 'fertig',
  failed: 'fehlgeschlagen',
  interrupted: 'unterbrochen',
  why: 'Unterbrochen: Die Seite, auf der sie lief, wurde beendet.',
  under: '{n} in Arbeit',
  took: 'dauerte {time}',
};

export const say = sayBy(en, de);

/** `0.4 s`, `2 min 5 s`, in the numbers of the language. */
export function duration(language: string, ms: number): string {
  const seconds = ms / 1_000;
  const number = (value: number, digits: number): string =>
    numbersIn(language, { maximumFractionDigits: digits }).format(value);
  if (seconds < 60) return `${number(seconds, seconds < 10 ? 1 : 0)}\u00a0s`;
  return `${number(Math.floor(seconds / 60), 0)}\u00a0min ${number(Math.floor(seconds % 60), 0)}\u00a0s`;
}
