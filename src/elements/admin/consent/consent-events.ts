// What `<cloche-consent>` asks, of a person or of the app's own dialog, and what it tells.

import type { AskPermission, Orphan, PermissionAnswer, PermissionQuestion, PluginReview } from '../../../index.ts';
import type { ConsentLine, ConsentText } from './consent-text.ts';

/** A package that is to be installed, or an update that waits for a yes. */
export interface PackageRequest {
  readonly kind: 'install' | 'update';
  /** As the core has it: what a yes is a yes to. */
  readonly review: PluginReview;
  /** The same to be read: by risk, without what is implied. */
  readonly text: ConsentText;
  /** Whether whoever is asked may decide on permissions, each on its own; if not, only on the package. */
  readonly decides: boolean;
  /** What the last plugin of its id has left behind, where it is installed anew: it finds that only where the answer says so. */
  readonly left: Orphan | undefined;
  /** It waits already, since it asks for more: only whoever decides on permissions may say yes to it. */
  readonly waits: boolean;
}

/** An optional permission, at the moment of use. */
export interface UseRequest {
  readonly kind: 'ask';
  readonly question: PermissionQuestion;
  readonly line: ConsentLine;
}

export type ConsentRequest = PackageRequest | UseRequest;

/**
 * Of a package: the capabilities that are allowed, and with `data: 'keep'` that it takes over what was left. Of a use: for how
 * long. Everything else is a no.
 */
export type ConsentAnswer = PackageAnswer | PermissionAnswer;

export interface PackageAnswer {
  readonly allow: readonly string[];
  /** @default 'empty' */
  readonly data?: 'empty' | 'keep';
}

/**
 * An app's own dialog, with the same data.
 * @param signal aborted when nobody waits any more: whatever is answered then is a no
 */
export type OnConsent = (
  request: ConsentRequest,
  signal: AbortSignal,
) => ConsentAnswer | undefined | Promise<ConsentAnswer | undefined>;

/** Somebody has decided. */
export class ConsentEvent extends Event {
  constructor(
    /** Id of the plugin. */
    readonly plugin: string,
    readonly kind: ConsentRequest['kind'],
    readonly allowed: boolean,
  ) {
    super('consent', { bubbles: true, composed: true });
  }
}

/** What can be asked by `createHost({ ask })`. */
interface Asking {
  readonly ask: AskPermission;
}

/**
 * Has an element ask for optional permissions.
 * @param element the element, or how to find it when something is asked: where there is none, the answer is no
 * @example await createHost({ ask: askWith(() => document.querySelector('cloche-consent')) })
 */
export function askWith(element: Asking | (() => Asking | null | undefined)): AskPermission {
  return (question, signal) => (typeof element === 'function' ? element() : element)?.ask(question, signal) ?? 'no';
}

declare global {
  interface HTMLElementEventMap {
    consent: ConsentEvent;
  }
}
