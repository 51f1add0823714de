// What `<cloche-palette>` needs of a host. `Host` fits; tests bring their own.

import type { Command } from '../../manifest/contributions.ts';

export interface PaletteCommand extends Pick<Command, 'description' | 'params' | 'returnType'> {
  /** What `run` takes. */
  readonly name: string;
  /** Id of the plugin. */
  readonly plugin: string;
}

/** Tells of `commandschange`. */
export interface PaletteHost extends EventTarget {
  readonly commands: readonly PaletteCommand[];
  run(name: string, args: string, options?: { signal?: AbortSignal; load?: 'wait-and-run' }): Promise<string>;
}
