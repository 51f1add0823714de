// The dialog that asks before a plugin is removed.

import { until } from './render.ts';

export const isInert = (uninstall: Element): boolean =>
  uninstall.shadowRoot?.querySelector('.danger')?.getAttribute('aria-disabled') !== 'false';

/** Resolves once the `<cloche-uninstall>` is open and its first half second is over. */
export const takesAnswers = (uninstall: Element): Promise<void> =>
  until(() => !isInert(uninstall), 'the removal to be open for an answer');
