// What all admin elements share: the host they show, their words, their look.

import type { PropertyValues } from 'lit';
import { property } from 'lit/decorators.js';
import { ClocheError } from '../../../errors.ts';
import type { HostEventMap } from '../../../events.ts';
import { controls } from '../../base.styles.ts';
import { ClocheElement } from '../../element.ts';
import { FocusKeeper } from '../../focus-place.ts';
import { adminWords } from '../words/admin-words.ts';
import { styles } from './admin.styles.ts';
import type { AdminHost } from './admin-host.ts';

/** Base class of the admin elements. One that shows nothing of a host any more lets go of it. */
export abstract class AdminElement extends ClocheElement {
  static override styles = [ClocheElement.styles, controls, styles].flat();

  /** The host whose plugins are administered, as `await createHost()` gives it. */
  @property({ attribute: false }) host: AdminHost | undefined;

  /** Messages, numbers and times in the language of the place where the element stands. */
  protected readonly words = adminWords(this);

  constructor() {
    super();
    new FocusKeeper(this);
  }

  /** Events of the host that it hears while it is in a document. */
  protected readonly hears: readonly (keyof HostEventMap)[] = ['pluginchange'];

  /** An event of those that it hears. @default draws anew */
  protected heard(_event: Event): void {
    this.requestUpdate();
  }

  readonly #hear = (event: Event): void => this.heard(event);
  #listened: AdminHost | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#listen(this.host);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#listen(undefined);
  }

  /** @throws {ClocheError} OPTION_INVALID for what is not a host: most often the promise of one */
  protected override willUpdate(_changed: PropertyValues<this>): void {
    if (this.isConnected) this.#listen(this.host);
  }

  #listen(host: AdminHost | undefined): void {
    if (host === this.#listened) return;
    if (host && typeof host.addEventListener !== 'function') {
      const expected = `Expected \`host\` of <${this.localName}> to be a host; \`await createHost()\` makes one`;
      throw new ClocheError('OPTION_INVALID', expected);
    }
    for (const type of this.hears) {
      this.#listened?.removeEventListener(type, this.#hear);
      host?.addEventListener(type, this.#hear);
    }
    this.#listened = host;
  }
}
