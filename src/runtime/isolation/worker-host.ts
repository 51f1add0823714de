// Where workers live: a cell, or the page itself. The page's handle on either.

import { ClocheError } from '../../errors.ts';
import type { DeathCause, FromCell, ToCell } from '../wire/protocol.ts';

/** A worker that was asked for. Whether it came to life shows when it answers. */
export interface PluginWorker {
  readonly id: number;
  /** The page's end of the private port. */
  readonly port: MessagePort;
  /** Resolves when the worker dies by itself; never when it is ended. */
  readonly died: Promise<Death>;
}

export interface Death {
  readonly message: string;
  /** `removed`: the page has taken away what held it. */
  readonly why: DeathCause | 'removed';
}

/** What holds the workers: a frame, or nothing but the page. */
export interface Holder {
  /** Whether it still stands: a page may throw out what it does not know. */
  stands(): boolean;
  takeDown(): void;
}

/** Compiled modules that a cell keeps at most: more than may live at once, so that a kill costs no compiling. */
const MOST_KEPT = 128;

export class Home {
  readonly #port: MessagePort;
  readonly #kept = new Set<string>();
  readonly #residents = new Map<number, (death: Death) => void>();
  readonly #holder: Holder;
  #nextId = 1;
  #closed = false;

  constructor(port: MessagePort, holder: Holder) {
    this.#port = port;
    this.#holder = holder;
    port.onmessage = ({ data }: MessageEvent<FromCell>) => this.#hear(data);
  }

  spawn(): PluginWorker {
    if (this.#closed) throw new ClocheError('CLOSED', 'The host is closed; make a new one with `createHost`');
    const id = this.#nextId++;
    const { port1, port2 } = new MessageChannel();
    const { promise: died, resolve } = Promise.withResolvers<Death>();
    this.#residents.set(id, resolve);
    this.#tell({ type: 'SPAWN', id, port: port2 }, [port2]);
    return { id, port: port1, died };
  }

  /** Lends a worker what is compiled already, and expects it to compile the rest. */
  lend(worker: PluginWorker, keys: readonly string[]): void {
    this.#tell({ type: 'LEND', id: worker.id, keys });
  }

  /** Whether a module of this key is compiled and kept; being asked for keeps it longer. */
  has(key: string): boolean {
    if (!this.#kept.delete(key)) return false;
    this.#kept.add(key);
    return true;
  }

  end(worker: PluginWorker): void {
    worker.port.close();
    this.#residents.delete(worker.id);
    if (!this.#closed) this.#tell({ type: 'END', id: worker.id });
  }

  get alive(): boolean {
    return !this.#closed && this.#holder.stands();
  }

  /** Workers at present; for tests of leaks and for the spare. */
  get population(): number {
    return this.#residents.size;
  }

  close(): void {
    if (this.#closed) return;
    for (const id of this.#residents.keys()) this.#tell({ type: 'END', id });
    this.#shut();
  }

  /** The page has taken the holder away, and with it every worker. */
  lose(): void {
    const residents = [...this.#residents.values()];
    this.#shut();
    for (const died of residents) died({ message: '', why: 'removed' });
  }

  #shut(): void {
    this.#closed = true;
    this.#residents.clear();
    this.#port.close();
    this.#holder.takeDown();
  }

  #hear(message: FromCell): void {
    if (message.type === 'KEPT') {
      for (const key of message.keys) this.#kept.add(key);
      // Those asked for least recently stand first.
      this.#forget([...this.#kept].slice(0, Math.max(0, this.#kept.size - MOST_KEPT)));
    }
    if (message.type === 'DIED') {
      this.#residents.get(message.id)?.(message);
      this.#residents.delete(message.id);
    }
  }

  #forget(keys: readonly string[]): void {
    if (keys.length === 0) return;
    for (const key of keys) this.#kept.delete(key);
    this.#tell({ type: 'FORGET', keys });
  }

  #tell(message: ToCell, transfer: Transferable[] = []): void {
    this.#port.postMessage(message, transfer);
  }
}
