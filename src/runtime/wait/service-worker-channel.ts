// The page's side of the third way: a service worker hands a blocked worker the answer to what it asked.

import { ClocheError } from '../../errors.ts';
import { dispose } from '../../util/dispose.ts';
import { within } from '../../util/time/deadline.ts';
import type { Hello, Relayed } from '../wire/protocol.ts';
import type { AnswerChannel } from './answer-channel.ts';

export interface ServiceWorkerChannel {
  open(): AnswerChannel;
}

const READY_MS = 5_000;

/** Who waits, by token: one table for all hosts of this page, since the service worker's messages reach them all. */
const waiting = new Map<string, BlockedWorker>();
let listening = false;

/**
 * Registers the service worker and waits until it controls this page.
 * @throws {ClocheError} START_FAILED when it cannot, with the cause.
 */
export async function openServiceWorker(url: string | URL): Promise<ServiceWorkerChannel> {
  const container = navigator.serviceWorker;
  if (!container) throw new ClocheError('START_FAILED', 'no service workers in this context');
  const script = new URL(url, document.baseURI);
  await inTime(container.register(script));
  const controller = await inTime(controlledBy(script.href));
  const clientId = await inTime(clientIdFrom(controller));
  listen(container);
  // Absolute: a blob worker has no base of its own. Below the script, so that it is within its scope.
  const place = new URL(`__cloche__/${clientId}/`, new URL('../../sandbox/', script));

  return {
    open() {
      // A secret between this page and one worker: who has it could only wait in that worker's place.
      const token = crypto.randomUUID();
      const rendezvous = new BlockedWorker();
      waiting.set(token, rendezvous);
      return {
        setup: { way: 'service-worker', url: new URL(token, place).href },
        answer: (bytes) => rendezvous.bring(bytes),
        more: () => undefined,
        [dispose]: () => void waiting.delete(token),
      };
    },
  };
}

/** The worker's call and its request for the answer come on different paths, so either may be first. */
class BlockedWorker {
  #answer: Uint8Array<ArrayBuffer> | undefined;
  #port: MessagePort | undefined;

  bring(answer: Uint8Array<ArrayBuffer>): void {
    this.#answer = answer;
    this.#meet();
  }

  ask(port: MessagePort): void {
    this.#port = port;
    this.#meet();
  }

  #meet(): void {
    if (!this.#answer || !this.#port) return;
    this.#port.postMessage(this.#answer, [this.#answer.buffer]);
    this.#answer = undefined;
    this.#port = undefined;
  }
}

function listen(container: ServiceWorkerContainer): void {
  if (listening) return;
  listening = true;
  container.addEventListener('message', ({ data, ports }: MessageEvent<Relayed>) => {
    const [port] = ports;
    // A token that is not known is that of a worker which has ended, or of another copy of this library.
    if (data?.type === 'CLOCHE_HOST_CALL' && port) waiting.get(data.token)?.ask(port);
  });
  // Before the document has been parsed, messages would wait for it.
  container.startMessages();
}

/**
 * Resolves when the page is controlled by this script. The first visit is not controlled yet: `clients.claim()` in
 * the service worker makes it so. A page outside its scope never is.
 */
function controlledBy(script: string): Promise<ServiceWorker> {
  const container = navigator.serviceWorker;
  return new Promise((resolve) => {
    const look = (): void => {
      const { controller } = container;
      if (controller?.scriptURL !== script) return;
      container.removeEventListener('controllerchange', look);
      resolve(controller);
    };
    container.addEventListener('controllerchange', look);
    look();
  });
}

function clientIdFrom(controller: ServiceWorker): Promise<string> {
  const { port1, port2 } = new MessageChannel();
  const hello: Hello = { type: 'CLOCHE_HELLO' };
  controller.postMessage(hello, [port2]);
  return new Promise((resolve) => {
    port1.onmessage = ({ data }: MessageEvent<string>) => {
      port1.close();
      resolve(data);
    };
  });
}

function inTime<T>(promise: Promise<T>): Promise<T> {
  return within(promise, READY_MS, () => {
    return new ClocheError('START_FAILED', `it did not answer within ${READY_MS} ms; is this page in its scope?`);
  });
}
