// Whom a request is made for, by the word of the host app.

/** What plugins and the relay may know of the user. It is the app's word, and no credential. */
export interface Claims {
  /** Up to 256 characters, or a whole number. */
  readonly userId: string | number;
  /** Up to 256 characters. */
  readonly name?: string;
  /** Up to 100 of up to 256 characters. */
  readonly roles?: readonly string[];
}

/** What host functions find as `context` while a plugin answers a request with claims. */
export class ClaimedContext {
  constructor(readonly claims: Claims) {}
}

/** Those of a call; undefined for one that the app has made with a context of its own, or with none. */
export function claimsOf(context: unknown): Claims | undefined {
  return context instanceof ClaimedContext ? context.claims : undefined;
}
