// The way to the page of a plugin.

/** Somebody wants to see the page of a plugin. Where nobody prevents it, the link of the element is followed. */
export class PluginOpenEvent extends Event {
  /** @param plugin its id */
  constructor(readonly plugin: string) {
    super('pluginopen', { bubbles: true, composed: true, cancelable: true });
  }
}

/** `#plugin/<id>`, and `#plugin/<id>/<tab>` for a tab that it adds: where `<cloche-admin>` has them. */
export function pluginHref(id: string, tab?: string): string {
  return `#plugin/${[id, ...(tab === undefined ? [] : [tab])].map(encodeURIComponent).join('/')}`;
}

declare global {
  interface HTMLElementEventMap {
    pluginopen: PluginOpenEvent;
  }
}
