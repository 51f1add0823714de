// What somebody has chosen so far in the dialog: which permissions, for how long, with which data.

import type { ReactiveControllerHost } from 'lit';
import type { ConsentText } from './consent-text.ts';

/** For how long a use may be allowed. */
export const DURATIONS = ['once', 'session', 'always'] as const;
export type Duration = (typeof DURATIONS)[number];

export class Choice {
  readonly #element: ReactiveControllerHost;
  /** Capabilities that are allowed. */
  ticked: ReadonlySet<string> = new Set();
  duration: Duration = 'once';
  data: 'empty' | 'keep' = 'empty';

  constructor(element: ReactiveControllerHost) {
    this.#element = element;
  }

  /** Nothing is chosen of a package but what the dialog offers ticked. */
  beginPackage({ offered }: ConsentText): void {
    this.ticked = new Set(offered.filter(({ ticked }) => ticked).map(({ capability }) => capability));
    this.data = 'empty';
  }

  readonly tick = (event: Event): void => {
    const { value, checked } = event.target as HTMLInputElement;
    const others = [...this.ticked].filter((one) => one !== value);
    this.ticked = new Set(checked ? [...others, value] : others);
    this.#element.requestUpdate();
  };

  readonly takeDuration = (event: Event): void => {
    const { value } = event.target as HTMLInputElement;
    this.duration = value as Duration;
    this.#element.requestUpdate();
  };

  readonly takeData = (event: Event): void => {
    this.data = (event.target as HTMLInputElement).value === 'keep' ? 'keep' : 'empty';
    this.#element.requestUpdate();
  };
}
