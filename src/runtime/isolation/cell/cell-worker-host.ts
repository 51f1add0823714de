// The workers of a cell, as the page holds them: the cell starts and ends them, and each has a private port to the page.

import { dispose } from '../../../util/dispose.ts';
import { hostClosed } from '../../runner-errors.ts';
import type { FromCell, PassedOn, ToCell } from '../../wire/protocol.ts';
import { WORKER_DIRECTIVE } from '../embedder-csp.ts';
import { RecentKeys } from '../recent-keys.ts';
import type { Death, PluginWorker, WorkerContainer, WorkerHost } from '../worker-host.ts';
import { CellPort } from './cell-port.ts';

export class CellWorkerHost implements WorkerHost {
  readonly workerDirective = WORKER_DIRECTIVE;
  readonly #port: MessagePort;
  readonly #keys = new RecentKeys();
  readonly #workers = new Map<number, (death: Death) => void>();
  readonly #container: WorkerContainer;
  readonly #passOn: ((passed: PassedOn) => void) | undefined;
  #nextId = 1;
  #closed = false;

  /** @param passOn says something to the cell by its window; undefined where that gains nothing */
  constructor(port: MessagePort, container: WorkerContainer, passOn?: (passed: PassedOn) => void) {
    this.#port = port;
    this.#container = container;
    this.#passOn = passOn;
    port.onmessage = ({ data }: MessageEvent<FromCell>) => this.#hear(data);
  }

  spawn(source?: string): PluginWorker {
    if (this.#closed) throw hostClosed();
    const id = this.#nextId++;
    const { port1, port2 } = new MessageChannel();
    const { promise: died, resolve } = Promise.withResolvers<Death>();
    this.#workers.set(id, resolve);
    this.#send({ type: 'SPAWN', id, port: port2, ...(source !== undefined && { source }) }, [port2]);
    const passOn = this.#passOn;
    return {
      port: new CellPort(
        port1,
        passOn && ((message, buffers) => passOn({ type: 'CLOCHE_PASS', id, message, buffers })),
      ),
      sharesProcess: false,
      died,
      loadModules: (keys) => this.#send({ type: 'LOAD', id, keys }),
      [dispose]: () => this.#end(id, port1),
    };
  }

  /** See `own-process.ts`. */
  spin(ms: number, port: MessagePort): void {
    if (!this.#closed) this.#send({ type: 'SPIN', ms, port }, [port]);
  }

  has(key: string): boolean {
    return this.#keys.has(key);
  }

  get alive(): boolean {
    return !this.#closed && this.#container.isAttached();
  }

  get workerCount(): number {
    return this.#workers.size;
  }

  /** Ends all workers, and takes down the cell. */
  [dispose](): void {
    if (this.#closed) return;
    for (const id of this.#workers.keys()) this.#send({ type: 'END', id });
    this.#shut();
  }

  /** The page has taken the cell away, and with it every worker. */
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
      const keys = this.#keys.add(message.keys);
      if (keys.length > 0) this.#send({ type: 'EVICT', keys });
    }
    if (message.type === 'DIED') {
      this.#workers.get(message.id)?.(message);
      this.#workers.delete(message.id);
    }
  }

  #send(message: ToCell, transfer: Transferable[] = []): void {
    this.#port.postMessage(message, transfer);
  }
}
