// What `<cloche-extension>` tells the host app.

import type { ClocheError } from '../../errors.ts';

/** A tab was chosen by hand. */
export class ExtensionSelectEvent extends Event {
  constructor(
    /** Id of the plugin. */
    readonly plugin: string,
    /** Id of the contribution. */
    readonly contribution: string,
  ) {
    super('extensionselect', { bubbles: true, composed: true });
  }
}

/** A plugin's page could not be shown, or was removed. */
export class ExtensionFailedEvent extends Event {
  constructor(
    readonly plugin: string,
    readonly contribution: string,
    readonly error: ClocheError,
  ) {
    super('extensionfailed', { bubbles: true, composed: true });
  }
}

/** A plugin's page sent a message of a type that only the host app may know. */
export class BridgeMessageEvent extends Event {
  constructor(
    readonly plugin: string,
    readonly contribution: string,
    /** JSON data of the plugin, unchecked: of any shape, objects without a prototype. */
    readonly message: { readonly type: string },
    /** Posts a message to the page that sent this one; nothing happens once it is gone. */
    readonly reply: (message: object) => void,
  ) {
    super('bridgemessage', { bubbles: true, composed: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    extensionselect: ExtensionSelectEvent;
    extensionfailed: ExtensionFailedEvent;
    bridgemessage: BridgeMessageEvent;
  }
}
