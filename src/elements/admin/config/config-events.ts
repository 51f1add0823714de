/** Settings of a plugin were saved by `<cloche-config>`. */
export class ConfigSaveEvent extends Event {
  constructor(
    /** Id of the plugin. */
    readonly plugin: string,
  ) {
    super('configsave', { bubbles: true, composed: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    configsave: ConfigSaveEvent;
  }
}
