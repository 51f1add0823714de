// How `<cloche-databases>` speaks.

import type { ReactiveControllerHost } from 'lit';
import { bringMessages } from '../../words/catalogue.ts';
import { Words } from '../../words/words.ts';
import { databases } from './en.ts';

bringMessages(databases, { de: async () => (await import('./de.ts')).databases });

export function databaseWords(element: ReactiveControllerHost & HTMLElement): Words {
  return new Words(element);
}
