// Where plugin workers live, seen from the page: one interface, whatever holds them.

import type { DeathCause } from '../wire/protocol.ts';

/** What holds the workers of plugins. They end with it. */
export interface WorkerHost extends Disposable {
  /**
   * @param source what it runs. @default what all workers run that are not asked for more
   * @throws {ClocheError} CLOSED
   */
  spawn(source?: string): PluginWorker;
  /** Whether a module of this key is compiled and kept; being asked for keeps it longer. */
  has(key: string): boolean;
  /** Whether it still stands: a page may throw out what it does not know. */
  readonly alive: boolean;
  /** What the policy of a page that forbids its workers has to allow. */
  readonly workerDirective: string;
  /** Workers at present; for tests of leaks and for the spare. */
  readonly workerCount: number;
}

/** A worker that was asked for. Whether it came to life shows when it answers. Let go of, it ends, whatever it does. */
export interface PluginWorker extends Disposable {
  readonly port: WorkerPort;
  /** Whether buffers that are handed over cross to it without being copied. */
  readonly sharesProcess: boolean;
  /** Resolves when the worker dies by itself; never when it is ended. */
  readonly died: Promise<Death>;
  /** Lends it what is compiled already, and expects it to compile the rest. */
  loadModules(keys: readonly string[]): void;
}

/** The page's end of the channel that only it and one worker hold. */
export interface WorkerPort {
  onmessage: ((event: MessageEvent<unknown>) => void) | null;
  onmessageerror: ((event: MessageEvent<unknown>) => void) | null;
  postMessage(message: unknown, transfer?: Transferable[]): void;
  close(): void;
}

export interface Death {
  readonly message: string;
  /** `removed`: the page has taken away what held it. */
  readonly why: DeathCause | 'removed';
}

/** What a worker host stands in: a frame, or nothing but the page. */
export interface WorkerContainer extends Disposable {
  isAttached(): boolean;
}
