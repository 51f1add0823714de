// What the frame of a cell does: starts workers, hands each its port, lends compiled modules, ends workers.

import type { DeathCause, FromCell, PassedOn, ToCell, ToWorker } from '../../wire/protocol.ts';
import { CompiledModules, isDelivery } from '../compiled-modules.ts';
import { startWorker } from '../start-worker.ts';
import type { Spun } from './measure-process.ts';

interface SupervisedWorker {
  /** Undefined while it is being made. */
  worker: Worker | undefined;
  /** Keys that this worker was asked to compile and has not delivered yet. */
  expected: ReadonlySet<string>;
}

/**
 * @param newWorker makes one that runs what it is given, or what all run
 * @returns what hands a message of the page on to its worker, if that still runs
 */
export function superviseWorkers(
  port: MessagePort,
  newWorker: (source?: string) => Worker,
): (passed: PassedOn) => void {
  const workers = new Map<number, SupervisedWorker>();
  const modules = new CompiledModules();
  const tell = (message: FromCell): void => port.postMessage(message);

  /** A death between two messages of the page: it must hear of it, or its calls would never settle. */
  const died = (id: number, message: string, why: DeathCause): void => {
    if (workers.delete(id)) tell({ type: 'DIED', id, message, why });
  };

  const spawn = (id: number, workerPort: MessagePort, source?: string): void => {
    const supervised: SupervisedWorker = { worker: undefined, expected: new Set() };
    workers.set(id, supervised);
    const made = (): Worker => newWorker(source);
    const worker = startWorker(made, (message, why) => died(id, message, why));
    if (!worker) {
      workerPort.close();
      return;
    }
    supervised.worker = worker;
    worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      const { expected } = supervised;
      supervised.expected = new Set();
      // Whatever a worker sends later than it should, or without having been asked, is its end.
      if (expected.size === 0 || !isDelivery(data)) {
        worker.terminate();
        return died(id, 'something to the cell that no worker sends', 'violation');
      }
      const keys = modules.keep(expected, data);
      if (keys.length > 0) tell({ type: 'CACHED', keys });
    });
    send(worker, { type: 'PORT', port: workerPort }, [workerPort]);
  };

  const load = (id: number, keys: readonly string[]): void => {
    const supervised = workers.get(id);
    if (!supervised?.worker) return;
    supervised.expected = modules.missing(keys);
    send(supervised.worker, { type: 'MODULES', modules: modules.lend(keys) });
  };

  const end = (id: number): void => {
    workers.get(id)?.worker?.terminate();
    workers.delete(id);
  };

  port.onmessage = ({ data }: MessageEvent<ToCell>) => {
    switch (data.type) {
      case 'SPAWN':
        return spawn(data.id, data.port, data.source);
      case 'LOAD':
        return load(data.id, data.keys);
      case 'END':
        return end(data.id);
      case 'EVICT':
        return modules.delete(data.keys);
      case 'SPIN':
        return spin(data.ms, data.port);
    }
  };

  return ({ id, message, buffers }) => workers.get(id)?.worker?.postMessage(message, buffers);
}

function send(worker: Worker, message: ToWorker, transfer: Transferable[] = []): void {
  worker.postMessage(message, transfer);
}

/** Holds its thread for a while; see `measure-process.ts`. */
function spin(ms: number, port: MessagePort): void {
  const from = Date.now();
  while (Date.now() < from + ms);
  port.postMessage({ from, to: Date.now() } satisfies Spun);
  port.close();
}
