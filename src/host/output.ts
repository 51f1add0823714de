// What a call returns.

import { ClocheError, messageOf } from '../errors.ts';

/** The output of an export: bytes, and what they can be read as. */
export class Output {
  readonly #bytes: Uint8Array;
  readonly #plugin: string;

  constructor(bytes: Uint8Array, plugin: string) {
    this.#bytes = bytes;
    this.#plugin = plugin;
  }

  /** The bytes themselves, not a copy; empty when the plugin set no output. */
  bytes(): Uint8Array {
    return this.#bytes;
  }

  /** As UTF-8; what is not becomes U+FFFD. */
  text(): string {
    return new TextDecoder().decode(this.#bytes);
  }

  /**
   * As JSON. `T` is the caller's word and nothing checks it: a plugin may answer anything.
   * @throws {ClocheError} PLUGIN_ERROR when the output is not JSON.
   */
  json<T = unknown>(): T {
    try {
      return JSON.parse(this.text()) as T;
    } catch (thrown) {
      throw new ClocheError(
        'PLUGIN_ERROR',
        `The output of plugin "${this.#plugin}" is not JSON: ${messageOf(thrown)}`,
        {
          plugin: this.#plugin,
          cause: thrown,
        },
      );
    }
  }
}
