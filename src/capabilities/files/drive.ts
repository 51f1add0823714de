// Where the files of an installation are stored: bytes by name. What the names mean is not known here.

export interface Drive {
  /** Of all that is stored, in any order. */
  names(): Promise<readonly string[]>;
  /** Undefined where nothing has the name. */
  read(name: string): Promise<Uint8Array<ArrayBuffer> | undefined>;
  /**
   * Stores all of `pieces`, and when that is done `last`; what is cut short before has changed nothing that was there.
   * @param gone names that nothing needs any more then
   */
  write(
    pieces: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
    last: readonly [name: string, bytes: Uint8Array<ArrayBuffer>],
    gone: readonly string[],
  ): Promise<void>;
  /** Deletes all of it. */
  wipe(): Promise<void>;
}
