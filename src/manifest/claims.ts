// Whom a request is made for, by the word of the host app.

/** What plugins and the relay may know of the user. It is the app's word, and no credential. */
export interface Claims {
  /** Up to 256 characters, or a whole number. */
  readonly userId: string | number;
  /** Up to 256 characters. */
  readonly name?: string;
  /** Up to 100 of up to 256 characters. */
  readonly roles?: readonly string[];
  /**
   * What plugins get as claims whose contract knows those of a token: an object of JSON, of up to 64 kB. Others, and the relay, never
   * see it. @default that of `token`, else the three above
   */
  readonly payload?: Readonly<Record<string, unknown>>;
  /** The user's signed token, a JWT. No plugin gets it, only what checks claims; what it says, as `payload`. */
  readonly token?: string;
}

/** What host functions find as `context` while a plugin answers a request with claims. */
export class ClaimedContext {
  constructor(readonly claims: Claims) {}
}

/** Those of a call, for others than this page; undefined for one that the app has made with a context of its own, or with none. */
export function claimsOf(context: unknown): Claims | undefined {
  return context instanceof ClaimedContext ? publicClaims(context.claims) : undefined;
}

/** What everybody may know of them. */
export function publicClaims({ userId, name, roles }: Claims): Claims {
  return { userId, ...(name !== undefined && { name }), ...(roles && { roles }) };
}
