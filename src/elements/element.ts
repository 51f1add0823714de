// What all elements of Cloche share: how they are registered, the tokens and the basic styles.

import { LitElement } from 'lit';
import { base } from './base.styles.ts';
import { adoptTokens } from './tokens.ts';

/** Base class of the elements. It brings the design tokens into the document it is connected to. */
export class ClocheElement extends LitElement {
  static override styles = [base];

  override connectedCallback(): void {
    adoptTokens(this.ownerDocument);
    super.connectedCallback();
  }
}

/**
 * Registers an element, unless the name is taken: a page that loads the script tag and the module
 * has two copies of Cloche, and a second `define()` would stop the whole script. On a server, which renders a page that
 * a browser finishes, there is nothing to register with.
 */
export function element(name: `${string}-${string}`) {
  return (type: CustomElementConstructor): void => {
    const registry: CustomElementRegistry | undefined = globalThis.customElements;
    if (registry && !registry.get(name)) registry.define(name, type);
  };
}
