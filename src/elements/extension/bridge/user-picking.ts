// Lets a plugin's page have a user picked by the host app, one at a time.

export interface UserRequest {
  /** Id of the plugin whose page asks. */
  readonly plugin: string;
  readonly currentUserId: string | number | undefined;
  /** Aborted when the page is gone and nobody waits for the answer. */
  readonly signal: AbortSignal;
}

/** Shows the host app's own picker. @returns the user as the plugin may know them, undefined when nobody was picked */
export type PickUser = (request: UserRequest) => Promise<object | undefined>;

export class UserPicking {
  readonly #plugin: string;
  #underWay: AbortController | undefined;

  /** @param plugin id of the plugin */
  constructor(plugin: string) {
    this.#plugin = plugin;
  }

  /** Calls `picked` unless nobody was picked; a page that asks again while a picker is open is not heard. */
  async ask(pickUser: PickUser, currentUserId: UserRequest['currentUserId'], picked: (user: object) => void) {
    if (this.#underWay) return;
    const controller = new AbortController();
    this.#underWay = controller;
    const { signal } = controller;
    try {
      const user = await pickUser({ plugin: this.#plugin, currentUserId, signal });
      if (user && !signal.aborted) picked(user);
    } catch (thrown) {
      // The host app's own fault, so it is told where such faults are; to the plugin it is a picker that was closed.
      if (!signal.aborted) reportError(thrown);
    } finally {
      if (this.#underWay === controller) this.#underWay = undefined;
    }
  }

  close(): void {
    this.#underWay?.abort();
    this.#underWay = undefined;
  }
}
