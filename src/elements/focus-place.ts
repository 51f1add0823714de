// Gives the focus to what is nearest where the element that had it has gone: a row that was removed, a button that became another, a
// tab of a plugin that ended. Else the next key begins at the top of the page.

import type { ReactiveController, ReactiveControllerHost } from 'lit';

const FOCUSABLE = 'a[href], button, input, select, textarea, summary, [tabindex]';

/** What the focus was in, from the inside out, with what could have it before it. */
interface Container {
  readonly node: Element | ShadowRoot;
  readonly before: readonly HTMLElement[];
}

export class FocusPlace {
  readonly #document: Document;
  readonly #containers: readonly Container[];

  private constructor(document: Document, containers: readonly Container[]) {
    this.#document = document;
    this.#containers = containers;
  }

  /** Where the focus is now. @param within as far out as another place may be @returns undefined where nothing has it */
  static now(document: Document, within: Node = document): FocusPlace | undefined {
    const focused = focusedIn(document);
    if (!focused) return undefined;
    const containers: Container[] = [];
    let from: Element = focused;
    for (let node: Node | null = focused.parentNode; node && node !== document; ) {
      if (node instanceof Element || node instanceof ShadowRoot)
        containers.push({ node, before: preceding(node, from) });
      if (node === within) break;
      if (!(node instanceof ShadowRoot)) node = node.parentNode;
      else {
        from = node.host;
        node = from.parentNode;
      }
    }
    return new FocusPlace(document, containers);
  }

  /** Where nothing has the focus any more. */
  restore(): void {
    if (focusedIn(this.#document)) return;
    for (const { node, before } of this.#containers) {
      if (!node.isConnected) continue;
      const there = focusable(node);
      const at = before.filter((one) => there.includes(one)).length;
      (there[at] ?? there.at(-1))?.focus({ preventScroll: true });
      if (focusedIn(this.#document)) return;
    }
  }
}

/** Restores the focus where an update of an element has taken it away. */
export class FocusKeeper implements ReactiveController {
  readonly #element: ReactiveControllerHost & HTMLElement;
  #place: FocusPlace | undefined;

  constructor(element: ReactiveControllerHost & HTMLElement) {
    this.#element = element;
    element.addController(this);
  }

  hostUpdate(): void {
    const { shadowRoot, ownerDocument } = this.#element;
    this.#place = shadowRoot?.activeElement ? FocusPlace.now(ownerDocument, shadowRoot) : undefined;
  }

  hostUpdated(): void {
    this.#place?.restore();
    this.#place = undefined;
  }
}

/** What has the focus, through shadow trees. */
export function focusedIn(document: Document): Element | undefined {
  let at: Element | null = document.activeElement;
  if (at === document.body || at === document.documentElement) return undefined;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  // Until the next frame, browsers leave it with what is hidden or disabled.
  return at?.checkVisibility() && !at.matches(':disabled') ? at : undefined;
}

function focusable(node: Element | ShadowRoot): HTMLElement[] {
  return [...node.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(
    (one) => !one.matches(':disabled, [inert] *, dialog, dialog *') && one.checkVisibility(),
  );
}

function preceding(node: Element | ShadowRoot, from: Element): HTMLElement[] {
  return focusable(node).filter((one) => one.compareDocumentPosition(from) & Node.DOCUMENT_POSITION_FOLLOWING);
}
