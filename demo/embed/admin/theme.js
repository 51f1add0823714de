// Light, dark, or what the system says. The app's own variables follow `color-scheme`, and pages of plugins get them live.

import { at } from './elements.js';

export function followThemeSwitch() {
  at('theme').addEventListener('change', ({ target }) => {
    document.documentElement.style.colorScheme = target.value;
  });
}
