import { type LitElement, render, type TemplateResult } from 'lit';
import { afterTests } from '../together/hooks.ts';

const shown = new Set<HTMLElement>();

/** Puts an element into the page and waits until it and the elements in it are drawn. Removed after each test. */
export async function renderElement<E extends HTMLElement>(template: TemplateResult): Promise<E> {
  const place = document.createElement('div');
  document.body.append(place);
  shown.add(place);
  render(template, place);
  await settled(place);
  const element = place.firstElementChild;
  if (!element) throw new Error('Expected the template to have an element');
  return element as E;
}

/** Resolves when every Lit element below `root`, through all shadow trees, has nothing left to draw. */
export async function settled(root: ParentNode): Promise<void> {
  for (const element of root.querySelectorAll('*')) {
    if ('updateComplete' in element) await (element as LitElement).updateComplete;
    if (element.shadowRoot) await settled(element.shadowRoot);
  }
}

/** Finds one element through shadow trees: each selector looks in the shadow tree of the one before. */
export function find<E extends HTMLElement>(root: Element, ...selectors: string[]): E {
  let at: Element = root;
  for (const selector of selectors) {
    const next: Element | null = (at.shadowRoot ?? at).querySelector(selector);
    if (!next) throw new Error(`Expected ${selector} in <${at.localName}>`);
    at = next;
  }
  return at as E;
}

/** The text that a reader of this shadow tree sees, with white space folded and no-break spaces as spaces. */
export function textOf(element: Element): string {
  return ((element.shadowRoot ?? element).textContent ?? '').replace(/\s+/g, ' ').trim();
}

export function press(target: Element, key: string, init: KeyboardEventInit = {}): void {
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true, ...init }));
}

/** Resolves as soon as `holds` does. @throws after 10 s: longer than a busy machine takes. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  const end = performance.now() + 10_000;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`Expected ${what} within 10 s`);
    await new Promise((wake) => setTimeout(wake, 10));
  }
}

afterTests.add(() => {
  for (const place of shown) place.remove();
  shown.clear();
});
