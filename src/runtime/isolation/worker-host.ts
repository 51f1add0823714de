// Where workers live: a cell, or the page itself. The page's handle on either.

import { ClocheError } from '../../errors.ts';
import { dispose } from '../../util/dispose.ts';
import type { DeathCause, FromCell, ToCell } from '../wire/protocol.ts';

/** A worker that was asked for. Whether it came to life shows when it answers. Let go of, it ends, whatever it does. */
export interface PluginWorker extends Disposable {
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

/** What holds the workers: a frame, or nothing but the page. They end with it. */
export interface WorkerContainer extends Disposable {
  /** Whether it still stands: a page may throw out what it does not know. */
  isAttached(): boolean;
}

/** Compiled modules that a cell keeps at most: more than may live at once, so that a kill costs no compiling. */
const MOST_CACHED = 128;

export class WorkerHost implements Disposable {
  readonly #port: MessagePort;
  readonly #cachedModules = new Set<string>();
  readonly #workers = new Map<number, (death: Death) => void>();
  readonly #container: WorkerContainer;
  #nextId = 1;
  #closed = false;

  constructor(port: MessagePort, holder: WorkerContainer) {
    this.#port = port;
    this.#container = holder;
    port.onmessage = ({ data }: MessageEvent<FromCell>) => this.#hear(data);
  }

  spawn(): PluginWorker {
    if (this.#closed) throw new ClocheError('CLOSED', 'The host is closed; make a new one with `createHost`');
    const id = this.#nextId++;
    const { port1, port2 } = new MessageChannel();
    const { promise: died, resolve } = Promise.withResolvers<Death>();
    this.#workers.set(id, resolve);
    this.#send({ type: 'SPAWN', id, port: port2 }, [port2]);
    return { id, port: port1, died, [dispose]: () => this.#end(id, port1) };
  }

  /** Lends a worker what is compiled already, and expects it to compile the rest. */
  loadModules(worker: PluginWorker, keys: readonly string[]): void {
    this.#send({ type: 'LOAD', id: worker.id, keys });
  }

  /** Whether a module of this key is compiled and kept; being asked for keeps it longer. */
  has(key: string): boolean {
    if (!this.#cachedModules.delete(key)) return false;
    this.#cachedModules.add(key);
    return true;
  }

  get alive(): boolean {
    return !this.#closed && this.#container.isAttached();
  }

  /** Workers at present; for tests of leaks and for the spare. */
  get workerCount(): number {
    return this.#workers.size;
  }

  /** Ends all workers, and takes down what holds them. */
  [dispose](): void {
    if (this.#closed) return;
    for (const id of this.#workers.keys()) this.#send({ type: 'END', id });
    this.#shut();
  }

  /** The page has taken the holder away, and with it every worker. */
  lose(): void {
    const workers = [...this.#workers.values()];
    this.#shut();
    for (const died of workers) died({ message: '', why: 'removed' });
  }

  #end(id: number, port: MessagePort): void {
    port.close();
    this.#workers.delete(id);
    if (!this.#closed) this.#send({ type: 'END', id });
  }

  #shut(): void {
    this.#closed = true;
    this.#workers.clear();
    this.#port.close();
    this.#container[dispose]();
  }

  #hear(message: FromCell): void {
    if (message.type === 'CACHED') {
      for (const key of message.keys) this.#cachedModules.add(key);
      // Those asked for least recently stand first.
      this.#evict([...this.#cachedModules].slice(0, Math.max(0, this.#cachedModules.size - MOST_CACHED)));
    }
    if (message.type === 'DIED') {
      this.#workers.get(message.id)?.(message);
      this.#workers.delete(message.id);
    }
  }

  #evict(keys: readonly string[]): void {
    if (keys.length === 0) return;
    for (const key of keys) this.#cachedModules.delete(key);
    this.#send({ type: 'EVICT', keys });
  }

  #send(message: ToCell, transfer: Transferable[] = []): void {
    this.#port.postMessage(message, transfer);
  }
}
