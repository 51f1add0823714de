// How `<cloche-tasks>` speaks.

import type { ReactiveControllerHost } from 'lit';
import { bringMessages } from '../../words/catalogue.ts';
import { Words } from '../../words/words.ts';
import { tasks } from './en.ts';

bringMessages(tasks, { de: async () => (await import('./de.ts')).tasks });

export function taskWords(element: ReactiveControllerHost & HTMLElement): Words {
  return new Words(element);
}
