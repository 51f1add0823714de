// The UI bridge of one page: hears its messages and answers them, for as long as the page is there. The words are its dialect's.

import type {
  Answer,
  HostMessage,
  PageProtocol,
  ShowConfirm,
  ShowModal,
  ShowToast,
} from '../../../manifest/page-messages.ts';
import type { Theme } from '../theme/theme.ts';

/** What the bridge acts on. */
export interface BridgeSurface {
  /** Posts to the page. */
  send(message: object): void;
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
  readonly #protocol: PageProtocol;
  #isReady = false;

  constructor(surface: BridgeSurface, protocol: PageProtocol) {
    this.#surface = surface;
    this.#protocol = protocol;
  }

  /** @param data what the page posted, as JSON data */
  receive(data: unknown): void {
    const surface = this.#surface;
    const message = this.#protocol.read(data);
    switch (message?.type) {
      case 'ready':
        // Pages say it more than once, the client library and the page's own code.
        this.#isReady = true;
        surface.ready();
        this.#sendTheme();
        break;
      case 'resize':
        surface.resize(message.height);
        break;
      case 'modal':
      case 'confirm':
        surface.ask(message, (result) => this.#send({ type: 'answer', id: message.id, result }));
        break;
      case 'toast':
        surface.toast(message);
        break;
      case 'theme':
        this.#sendTheme();
        break;
      case 'pick-user':
        surface.pickUser(message.currentUserId, (user) => this.#send({ type: 'user', user }));
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
    this.#send({ type: 'theme', ...this.#surface.theme() });
  }

  #send(message: HostMessage): void {
    this.#surface.send(this.#protocol.write(message));
  }
}
