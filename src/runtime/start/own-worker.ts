// A worker whose script is made of the plugin's own modules. Types only: each way to make one comes late.

import type { PluginIsolation } from '../environment.ts';
import type { SandboxPool } from '../sandbox-pool.ts';
import type { LogLevel } from '../wire/protocol.ts';
import type { ModuleFiles } from './module-files.ts';

/** What keeps one plugin. */
export interface OwnWorkerPlace {
  /** Name of the databases. */
  readonly storage: string;
  readonly pool: SandboxPool;
  /** Its modules, as they came. */
  files(): Promise<ModuleFiles>;
  say(plugin: string, level: LogLevel, text: string): void;
  dispatch(event: Event): void;
}

export interface OwnWorker {
  /** Where it lives; it may be in no worker of the page's own origin, since its script is partly a stranger's. */
  isolation(asked: PluginIsolation): PluginIsolation;
  /** @throws {ClocheError} what making it throws */
  script(): Promise<string>;
  /** What goes to the worker in place of the modules. @throws as {@link script} */
  files(): Promise<ModuleFiles>;
}
