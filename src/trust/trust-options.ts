// `trust` as an app gives it.

import type { Grant } from '../permissions/grants.ts';
import type { AllowedPlugin } from './allowed-plugins.ts';
import type { BlocklistOptions } from './blocklist/blocklist-options.ts';
import type { Publisher } from './publishers.ts';
import type { Roles } from './roles.ts';

export interface TrustOptions {
  /** @default none: then no signature is known @example [{ name: 'Ada', keys: ['ed25519:11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'] }] */
  publishers?: readonly Publisher[];
  /**
   * Plugins that the app has, by id, each with pins if it likes. What is not allowed is not installed, and what is installed
   * already does not run (NOT_ALLOWED). @default any @example ['notes', { id: 'sync', publisher: 'Ada' }]
   */
  plugins?: readonly (string | AllowedPlugin)[];
  /**
   * Whether plugins may come of which nobody has told the app: those that are not on its list, and those that neither a pin nor a
   * signature of its publishers vouches for. @default true, or false with `plugins`
   */
  sideloading?: boolean;
  /** What plugins are granted by the app for good, by id: nobody can change that (GRANT_FIXED). @default none @example { notes: { kv: true } } */
  grants?: Readonly<Record<string, Grant>>;
  /** What whoever uses the page may do. It guards an interface, and no script of the page. @default all of it */
  can?: Roles;
  /**
   * Where the app says which plugins are blocked from now on: a URL, or more about it. Looked at when the host is made, while the
   * page is seen, and when somebody comes back to it. @default none
   */
  blocklist?: string | BlocklistOptions;
}
