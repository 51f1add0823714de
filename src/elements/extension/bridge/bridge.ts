// The UI bridge of one page: hears its messages and answers them, for as long as the page is there.

import type { Theme } from '../theme/theme.ts';
import type { HostMessage, ShowConfirm, ShowModal, ShowToast } from './messages.ts';
import { readBridgeMessage } from './messages.ts';

/** `null` when a modal was closed, or the page is gone. */
export type Answer = 'confirm' | 'cancel' | null;

/** What the bridge acts on. */
export interface BridgeSurface {
  /** Posts to the page. */
  send(message: HostMessage): void;
  /** The page says that it can be seen. */
  ready(): void;
  /** The page says how high it is, in px. */
  resize(height: number): void;
  /** Calls back once, at the latest when the page goes. */
  ask(question: ShowModal | ShowConfirm, answer: (answer: Answer) => void): void;
  toast(toast: ShowToast): void;
  /** Does not call back when nobody was picked. */
  pickUser(currentUserId: string | number | undefined, picked: (user: object) => void): void;
  theme(): Theme;
  /** A message of a type that the contract does not have. */
  other(message: { readonly type: string }): void;
}

export class Bridge {
  readonly #surface: BridgeSurface;
  #isReady = false;

  constructor(surface: BridgeSurface) {
    this.#surface = surface;
  }

  /** @param data what the page posted, as JSON data */
  receive(data: unknown): void {
    const surface = this.#surface;
    const message = readBridgeMessage(data);
    switch (message?.type) {
      case 'plugin:ready':
        // Pages say it more than once, the client library and the page's own code.
        this.#isReady = true;
        surface.ready();
        this.#sendTheme();
        break;
      case 'plugin:resize':
        surface.resize(message.height);
        break;
      case 'plugin:showModal':
      case 'plugin:showConfirm':
        surface.ask(message, (result) => surface.send({ type: 'host:modalResult', id: message.id, result }));
        break;
      case 'plugin:showToast':
        surface.toast(message);
        break;
      case 'plugin:getTheme':
        this.#sendTheme();
        break;
      case 'plugin:showUserPicker':
        surface.pickUser(message.currentUserId, (user) => surface.send({ type: 'host:userPickerResult', user }));
        break;
      case 'other':
        surface.other(message.message);
        break;
    }
  }

  /** The host's look has changed. */
  themeChanged(): void {
    if (this.#isReady) this.#sendTheme();
  }

  #sendTheme(): void {
    this.#surface.send({ type: 'host:themeUpdate', ...this.#surface.theme() });
  }
}
