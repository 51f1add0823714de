// Tells an app where in the admin page somebody goes.

/** Another place of `<cloche-admin>` is shown. */
export class AdminRouteEvent extends Event {
  /** @param route as it stands in the address, such as `#plugin/standup` */
  constructor(readonly route: string) {
    super('adminroute', { bubbles: true, composed: true });
  }
}

declare global {
  interface HTMLElementEventMap {
    adminroute: AdminRouteEvent;
  }
}
