// Words of `<cloche-tasks>`, in German; comes late.

import type { Translation } from '../../words/message-key.ts';
import type { tasks as en } from './en.ts';

export const tasks: Translation<typeof en> = {
  'tasks.title': 'Aufgaben',
  'tasks.none': 'Noch ist keine Aufgabe gelaufen.',
  'tasks.loading': 'Die Aufgaben werden gelesen.',
  'tasks.unreadable': 'Die Aufgaben lassen sich nicht lesen.',
  'tasks.again': 'Noch einmal versuchen',
  'tasks.clear': 'Beendete vergessen',
  'tasks.stop': 'Anhalten',
  'tasks.stopNamed': '{name} anhalten',
  'tasks.progress': 'Fortschritt von {name}',
  'tasks.pending': 'wartet',
  'tasks.running': 'läuft',
  'tasks.complete': 'fertig',
  'tasks.failed': 'fehlgeschlagen',
  'tasks.interrupted': 'unterbrochen',
  'tasks.whyInterrupted': 'Unterbrochen: Die Seite, auf der sie lief, wurde beendet.',
  'tasks.open': '{n} in Arbeit',
  'tasks.took': 'dauerte {time}',
};
