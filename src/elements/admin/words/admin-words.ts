// How the admin elements speak.

import type { ReactiveControllerHost } from 'lit';
import { bringMessages } from '../../words/catalogue.ts';
import { Words } from '../../words/words.ts';
import { en } from './en/index.ts';

bringMessages(en, { de: async () => (await import('./de/index.ts')).de });

export function adminWords(element: ReactiveControllerHost & HTMLElement): Words {
  return new Words(element);
}
