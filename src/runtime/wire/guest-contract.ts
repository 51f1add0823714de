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
  /**
   * All of WASI preview 1 is asked for, with files: this is what its program finds there. It takes a worker that has that.
   * @default the part that needs no files
   */
  readonly program?: GuestProgram;
  /** Of two versions of an ABI whose modules look the same, the one that this guest was built for. */
  readonly apiVersion?: number;
  /** One of several instances of its plugin, which does its work beside the first. @default the first */
  readonly background?: { readonly args: string };
  /**
   * Exports that carry a guest's state over a sleep, called with arguments: `save` takes none and gives bytes before the
   * plugin is put to sleep, or reloaded, `load` takes them once it was started again, also after it was killed since. Not over
   * anything else that ends it.
   * @default it begins anew
   */
  readonly sleep?: { readonly save: string; readonly load: string };
}

/** What a guest that asks for all of WASI finds beside its files. */
export interface GuestProgram {
  /** Of its command line, the first of which is its own name by custom. */
  readonly args: readonly string[];
  /** Its environment, as `[name, value]`. */
  readonly env: readonly (readonly [string, string])[];
  /**
   * Folders that it finds open, in this order, each by its path in the virtual file system, such as `ws0://src`, and by the
   * name that it has there, such as `/`.
   */
  readonly folders: readonly (readonly [path: string, name: string])[];
}
