// Why a plugin's request has no answer: in two forms, for two readers.

export class RequestFailure extends Error {
  override readonly name = 'RequestFailure';

  /**
   * @param heard What the plugin hears: nothing of the relay's inside.
   * @param reason For the audit: the rule that ended it, and the host. No path, query, header or body.
   */
  constructor(
    readonly heard: string,
    readonly reason: string,
  ) {
    super(heard);
  }
}
