// What all elements of Cloche share: how they are registered, the tokens and the basic styles.

import { LitElement } from 'lit';
import { base } from './base.styles.ts';
import { adoptTokens } from './tokens.ts';

/**
 * Base class of the elements. It brings the design tokens into the document it is connected to.
 *
 * @cssproperty --cloche-surface - What the elements stand on.
 * @cssproperty --cloche-raised - What lies on that: controls, panels, dialogs.
 * @cssproperty --cloche-sunken - What lies below it.
 * @cssproperty --cloche-hover - What the pointer is over.
 * @cssproperty --cloche-line - Hairlines.
 * @cssproperty --cloche-edge - Edges of controls; 3:1 against what they stand on.
 * @cssproperty --cloche-text - Text; 7:1 against the surface.
 * @cssproperty --cloche-subtle - Text of less weight; 4.5:1.
 * @cssproperty --cloche-accent - What can be pressed, and what is on.
 * @cssproperty --cloche-accent-wash - What is behind something that is on.
 * @cssproperty --cloche-on-accent - Text on the accent.
 * @cssproperty --cloche-near - What is near a limit, or waits for somebody.
 * @cssproperty --cloche-near-wash - What is behind that.
 * @cssproperty --cloche-killed - What was stopped, denied or has failed.
 * @cssproperty --cloche-killed-wash - What is behind that.
 * @cssproperty --cloche-shadow - Shadow of dialogs.
 * @cssproperty --cloche-font - Typeface of words.
 * @cssproperty --cloche-mono - Typeface of what machines say.
 * @cssproperty --cloche-radius - Corners of controls.
 * @cssproperty --cloche-radius-panel - Corners of panels and dialogs.
 * @cssproperty --cloche-motion - Time and easing of a change of state; none where motion is reduced.
 */
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
