// What the playground's elements ask the page to do, one typed class each.

import type { Example } from './examples.ts';

class Request extends Event {
  constructor(type: string) {
    super(type, { bubbles: true, composed: true });
  }
}

/** Show a plugin of this id, or an example, which is loaded first. */
export class ChooseEvent extends Request {
  constructor(readonly choice: { readonly example: Example } | { readonly plugin: string }) {
    super('playground-choose');
  }
}

/** Install what a user dropped or picked. */
export class FilesEvent extends Request {
  constructor(readonly files: readonly File[]) {
    super('playground-files');
  }
}

export class RunEvent extends Request {
  constructor(
    readonly exportName: string,
    readonly input: string | Uint8Array,
  ) {
    super('playground-run');
  }
}

/** A request to the shown plugin's own routes. */
export interface RouteRequest {
  readonly method: string;
  /** Below the plugin's own, such as `/entries?day=2026-03-15`. */
  readonly path: string;
  /** Empty for none. */
  readonly body: string;
}

export class RequestEvent extends Request {
  constructor(readonly request: RouteRequest) {
    super('playground-request');
  }
}

export class StopEvent extends Request {
  constructor() {
    super('playground-stop');
  }
}

/** Show the page of the shown plugin, where it is decided on. */
export class PageEvent extends Request {
  constructor() {
    super('playground-page');
  }
}

/** What becomes of the plugin that has the id of a dropped one. */
export type TakenAnswer = { readonly replace: 'keep' | 'wipe' } | { readonly id: string };

/** Answers the question of a taken id; with undefined nothing is installed. */
export class TakenEvent extends Request {
  constructor(readonly answer: TakenAnswer | undefined) {
    super('playground-taken');
  }
}

declare global {
  interface HTMLElementEventMap {
    'playground-choose': ChooseEvent;
    'playground-files': FilesEvent;
    'playground-run': RunEvent;
    'playground-request': RequestEvent;
    'playground-stop': StopEvent;
    'playground-page': PageEvent;
    'playground-taken': TakenEvent;
  }
}
