/** A command was run by hand or by a key, and gave this; `error` where it failed. */
export class CommandRunEvent extends Event {
  constructor(
    readonly command: string,
    readonly args: string,
    readonly result: string,
    readonly error: unknown = undefined,
  ) {
    super('commandrun', { bubbles: true, composed: true });
  }
}
