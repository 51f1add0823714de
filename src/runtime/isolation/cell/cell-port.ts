// The page's end of the port to one worker in a cell, with a way beside it for what is large. In engines where a cell shares the
// page's process a port copies what it hands over, and slowly: 16 MiB into a worker take Firefox 100 ms, and 10 ms by the
// window of the cell, which hands them on to its worker.

import type { WorkerPort } from '../worker-host.ts';

/** Hands a message to the worker by the cell's window. */
export type PassOn = (message: unknown, buffers: Transferable[]) => void;

/** What goes that way, in bytes. */
const LARGE_BYTES = 65_536;

export class CellPort implements WorkerPort {
  readonly #port: MessagePort;
  readonly #passOn: PassOn | undefined;
  /** Whether the worker was heard: before that its cell may not have made it. */
  #isThere = false;
  #onmessage: WorkerPort['onmessage'] = null;

  /** @param passOn undefined where the port is as fast */
  constructor(port: MessagePort, passOn: PassOn | undefined) {
    this.#port = port;
    this.#passOn = passOn;
  }

  get onmessage(): WorkerPort['onmessage'] {
    return this.#onmessage;
  }

  set onmessage(listener: WorkerPort['onmessage']) {
    this.#onmessage = listener;
    this.#port.onmessage = (event) => {
      this.#isThere = true;
      this.#onmessage?.(event);
    };
  }

  get onmessageerror(): WorkerPort['onmessageerror'] {
    return this.#port.onmessageerror;
  }

  set onmessageerror(listener: WorkerPort['onmessageerror']) {
    this.#port.onmessageerror = listener;
  }

  /** No message overtakes another: the page says something to a worker only when that has answered, or asked. */
  postMessage(message: unknown, transfer: Transferable[] = []): void {
    if (this.#passOn && this.#isThere && bytesOf(transfer) >= LARGE_BYTES) this.#passOn(message, transfer);
    else this.#port.postMessage(message, transfer);
  }

  close(): void {
    this.#port.close();
  }
}

function bytesOf(transfer: readonly Transferable[]): number {
  return transfer.reduce<number>((sum, item) => sum + (item instanceof ArrayBuffer ? item.byteLength : 0), 0);
}
