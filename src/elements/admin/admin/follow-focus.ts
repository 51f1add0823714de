// Leads whoever followed a link on from where it leads to, as the link has gone with the place that it was in.

import { focusedIn } from '../../focus-place.ts';
import type { Route } from './route.ts';

interface Focusable {
  focus(): void;
  readonly updateComplete: Promise<boolean>;
}

/** What may be led to, as far as it is there. */
interface Places {
  readonly tabs: (Focusable & Element) | null;
  readonly page: Focusable | null;
  readonly list: { focusOn(plugin: string): Promise<boolean> } | null;
}

/** After the update that shows another place, of an element that had the focus before it. */
export async function followFocus(
  element: HTMLElement,
  places: () => Places,
  before: Route | undefined,
  now: Route,
): Promise<void> {
  const { tabs } = places();
  const focused = focusedIn(element.ownerDocument);
  if (focused && (!holds(element, focused) || tabs?.shadowRoot?.contains(focused))) return;
  await tabs?.updateComplete;
  if (now.at === 'plugin') {
    const { page } = places();
    await page?.updateComplete;
    page?.focus();
  } else if (now.at !== 'plugins' || before?.at !== 'plugin') tabs?.focus();
  else if (!(await places().list?.focusOn(before.plugin))) tabs?.focus();
}

/** Through shadow trees. */
function holds(outer: Element, inner: Element): boolean {
  for (let at: Node | null = inner; at; at = at.parentNode ?? (at instanceof ShadowRoot ? at.host : null)) {
    if (at === outer) return true;
  }
  return false;
}
