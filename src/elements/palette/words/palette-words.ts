// How `<cloche-palette>` speaks.

import type { ReactiveControllerHost } from 'lit';
import { bringMessages } from '../../words/catalogue.ts';
import { Words } from '../../words/words.ts';
import { palette } from './en.ts';

bringMessages(palette, { de: async () => (await import('./de.ts')).palette });

export function paletteWords(element: ReactiveControllerHost & HTMLElement): Words {
  return new Words(element);
}
