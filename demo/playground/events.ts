// What the playground's elements ask the page to do, one typed class each.

import type { Example } from './examples.ts';
import type { Settings } from './host-like.ts';

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

/** Remove what is stored of a plugin that cannot be read. */
export class RemoveEvent extends Request {
  constructor(readonly plugin: string) {
    super('playground-remove');
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

/** `remove` leaves what the plugin stored, `wipe` removes that too; `dismiss` drops the update that waits. */
export type Action = 'enable' | 'disable' | 'reset' | 'remove' | 'wipe' | 'dismiss';

export class ActionEvent extends Request {
  constructor(readonly action: Action) {
    super('playground-action');
  }
}

/** Put the update that waits in the plugin's place: the one of this hash, which the user has seen. */
export class AcceptEvent extends Request {
  constructor(readonly sha256: string) {
    super('playground-accept');
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

/** Change config, limits or grants of the plugin that is shown. */
export class SettingsEvent extends Request {
  constructor(readonly settings: Settings) {
    super('playground-settings');
  }
}

declare global {
  interface HTMLElementEventMap {
    'playground-choose': ChooseEvent;
    'playground-files': FilesEvent;
    'playground-remove': RemoveEvent;
    'playground-run': RunEvent;
    'playground-request': RequestEvent;
    'playground-stop': StopEvent;
    'playground-action': ActionEvent;
    'playground-accept': AcceptEvent;
    'playground-taken': TakenEvent;
    'playground-settings': SettingsEvent;
  }
}
