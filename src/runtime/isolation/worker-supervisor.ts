// What a cell does: starts workers, hands each its port, lends compiled modules, ends workers.
// It runs in the cell's frame, or in the page itself where an engine forces same-origin workers.

import { dispose } from '../../util/dispose.ts';
import type { DeathCause, FromCell, FromWorker, ToCell, ToWorker } from '../wire/protocol.ts';

interface SupervisedWorker {
  readonly worker: Worker;
  /** Keys that this worker was asked to compile and has not delivered yet. */
  expected: ReadonlySet<string>;
}

/** @returns what ends all workers, where they do not end with the frame that this runs in */
export function superviseWorkers(port: MessagePort, newWorker: () => Worker): Disposable {
  const workers = new Map<number, SupervisedWorker>();
  const modules = new Map<string, WebAssembly.Module>();
  const tell = (message: FromCell): void => port.postMessage(message);

  /** A death between two messages of the page: it must hear of it, or its calls would never settle. */
  const died = (id: number, message: string, why: DeathCause): void => {
    if (workers.delete(id)) tell({ type: 'DIED', id, message, why });
  };

  /**
   * A worker hands its modules over before it runs anything of its guest, so they are what our own glue compiled.
   * Whatever a worker sends after that, or without having been asked, is its end.
   */
  const keep = (supervised: SupervisedWorker, delivered: FromWorker['modules']): void => {
    const wanted = delivered.filter(
      ([key, module]) => supervised.expected.has(key) && module instanceof WebAssembly.Module,
    );
    supervised.expected = new Set();
    for (const [key, module] of wanted) modules.set(key, module);
    if (wanted.length > 0) tell({ type: 'CACHED', keys: wanted.map(([key]) => key) });
  };

  const spawn = (id: number, workerPort: MessagePort): void => {
    let worker: Worker;
    try {
      worker = newWorker();
    } catch (thrown) {
      workerPort.close();
      const message = thrown instanceof Error ? thrown.message : 'the worker could not be made';
      // WebKit throws where a policy forbids the worker; the others fire an error at it.
      tell({
        type: 'DIED',
        id,
        message,
        why: thrown instanceof DOMException && thrown.name === 'SecurityError' ? 'blocked' : 'error',
      });
      return;
    }
    const supervised: SupervisedWorker = { worker, expected: new Set() };
    workers.set(id, supervised);
    worker.addEventListener('error', (event) => {
      event.preventDefault();
      worker.terminate();
      // The script comes from memory, so only a policy keeps it from loading; an error in it has a message.
      const loaded = Boolean(event.message);
      died(id, loaded ? event.message : 'its script did not load', loaded ? 'error' : 'blocked');
    });
    worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
      if (data?.type === 'COMPILED' && Array.isArray(data.modules) && supervised.expected.size > 0) {
        keep(supervised, data.modules);
      } else {
        worker.terminate();
        died(id, 'something to the cell that no worker sends', 'violation');
      }
    });
    send(worker, { type: 'PORT', port: workerPort }, [workerPort]);
  };

  const load = (id: number, keys: readonly string[]): void => {
    const supervised = workers.get(id);
    if (!supervised) return;
    const cached = keys.flatMap((key) => {
      const module = modules.get(key);
      return module ? [[key, module] as const] : [];
    });
    supervised.expected = new Set(keys.filter((key) => !modules.has(key)));
    send(supervised.worker, { type: 'MODULES', modules: cached });
  };

  const end = (id: number): void => {
    workers.get(id)?.worker.terminate();
    workers.delete(id);
  };

  port.onmessage = ({ data }: MessageEvent<ToCell>) => {
    switch (data.type) {
      case 'SPAWN':
        return spawn(data.id, data.port);
      case 'LOAD':
        return load(data.id, data.keys);
      case 'END':
        return end(data.id);
      case 'EVICT':
        for (const key of data.keys) modules.delete(key);
    }
  };
  tell({ type: 'READY' });
  return {
    [dispose]() {
      for (const id of [...workers.keys()]) end(id);
      port.close();
    },
  };
}

function send(worker: Worker, message: ToWorker, transfer: Transferable[] = []): void {
  worker.postMessage(message, transfer);
}
