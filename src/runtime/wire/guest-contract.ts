// What a dialect says of the guests of its plugins: all that a worker knows of where a plugin came from. Types only.

export interface GuestContract {
  /** How host and guest hand values to each other: a key of `workers/guests.ts`. */
  readonly abi: string;
  /** `per-call`: a fresh instance for each call, nothing survives but what host functions store. */
  readonly instance: 'persistent' | 'per-call';
  /** What becomes of an instance that did not return: the next call gets a fresh one, or the very same. */
  readonly afterTrap: 'discard' | 'keep';
  /** Exports that initialise a new instance, in the order of preference: the first that a module has is run, once. */
  readonly start: readonly string[];
  /** Exports that run in an instance of their own, which is dropped afterwards and whose imports do nothing. @default none */
  readonly apart?: readonly string[];
  /** Which WASI it may import; how much of that is the plugin's permission (`WasiMode`). @default none */
  readonly wasi?: 'preview1' | 'preview2';
  /** Of two versions of an ABI whose modules look the same, the one that this guest was built for. */
  readonly apiVersion?: number;
  /**
   * Exports that carry a guest's state over a sleep, called with arguments: `save` takes none and gives bytes before the
   * plugin is put to sleep, `load` takes them once it was started again. Not over anything else that ends it.
   * @default it begins anew
   */
  readonly sleep?: { readonly save: string; readonly load: string };
}
