// What an app is asked when a plugin needs an optional permission, and what it may answer.

import type { PluginRequest } from './describe-requests.ts';

export interface PermissionQuestion {
  /** Id, name and version as its manifest gives them: show the last two as text. */
  readonly plugin: { readonly id: string; readonly name: string; readonly version: string };
  /** What a yes would give, in plain sentences, and the plugin's reason. */
  readonly request: PluginRequest;
}

/** For good, until the page is left, for the call that needs it; or not. */
export type PermissionAnswer = 'always' | 'session' | 'once' | 'no';

/**
 * @param signal aborted when nobody waits any more: the call has ended, or two minutes are over. Whatever is answered then, or is
 * not one of {@link PermissionAnswer}, is a no; so is what it throws, which goes to the plugin's log.
 */
export type AskPermission = (
  question: PermissionQuestion,
  signal: AbortSignal,
) => PermissionAnswer | undefined | Promise<PermissionAnswer | undefined>;
