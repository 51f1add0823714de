// How the elements around a plugin's page speak.

import type { ReactiveControllerHost } from 'lit';
import { bringMessages } from '../../words/catalogue.ts';
import { Words } from '../../words/words.ts';
import { pages } from './en.ts';

bringMessages(pages, { de: async () => (await import('./de.ts')).pages });

export function pageWords(element: ReactiveControllerHost & HTMLElement): Words {
  return new Words(element);
}
