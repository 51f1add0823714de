// The other side of a plugin's request, as the relay sees it: a part, since only a platform can tell where a connection goes.

export interface UpstreamRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body: Uint8Array | null;
  /** The operator has named its host: it may have any address. */
  readonly isInner: boolean;
  /** Ends it, also while its body comes. */
  readonly signal: AbortSignal;
}

export interface UpstreamAnswer {
  readonly status: number;
  /** By name in lower case; the first of each. */
  readonly headers: ReadonlyMap<string, string>;
  /** As it comes, not decoded. */
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>;
}

export interface Upstream {
  /**
   * Sends one request, follows no redirect, and connects to public addresses only.
   * @throws {RequestFailure}
   */
  send(request: UpstreamRequest): Promise<UpstreamAnswer>;
}
