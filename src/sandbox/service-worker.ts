// The page's side of the third way: a service worker hands over what a blocked worker asked, and its answer back.

import { ClocheError } from '../errors.ts';
import type { AnswerHostCall, Waiting } from './environment.ts';
import { wireValues } from './message-filter.ts';
import type { Hello, HostAnswer, Relayed } from './protocol.ts';
import { readCall, writeAnswer } from './wire-codec.ts';

export interface ServiceWorkerChannel {
  open(answer: AnswerHostCall): Waiting;
}

const READY_MS = 5_000;
const MOST_BYTES = 1 << 30;

/**
 * Registers the service worker and waits until it controls this page.
 * @throws {ClocheError} START_FAILED when it cannot, with the cause.
 */
export async function openServiceWorker(url: string | URL): Promise<ServiceWorkerChannel> {
  if (!navigator.serviceWorker) throw new ClocheError('START_FAILED', 'no service workers in this context');
  await navigator.serviceWorker.register(url);
  await navigator.serviceWorker.ready;
  const controller = await within(READY_MS, controlled());
  const clientId = await within(READY_MS, clientIdFrom(controller));

  const answers = new Map<string, AnswerHostCall>();
  navigator.serviceWorker.addEventListener('message', ({ data, ports }: MessageEvent<Relayed>) => {
    const [port] = ports;
    if (data?.type !== 'CLOCHE_HOST_CALL' || !port) return;
    void relayed(answers.get(data.token), data.body).then((answer) => port.postMessage(writeAnswer(answer)));
  });

  return {
    open(answer) {
      const token = crypto.randomUUID();
      answers.set(token, answer);
      // Absolute: a blob worker has no base of its own. Below the script, so that it is within its scope.
      const target = new URL(`__cloche__/${clientId}/${token}`, new URL('./', new URL(url, document.baseURI)));
      return { setup: { way: 'service-worker', url: target.href }, close: () => answers.delete(token) };
    },
  };
}

async function relayed(answer: AnswerHostCall | undefined, body: unknown): Promise<HostAnswer> {
  try {
    if (!answer || !(body instanceof Uint8Array)) throw new RangeError('no such worker');
    const { index, args } = readCall(body);
    const values = wireValues(args, MOST_BYTES);
    if (!values) throw new RangeError('values of no known form');
    return await answer(index, values);
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    return { ok: false, error: { code: 'PROTOCOL_VIOLATION', message: thrown.message } };
  }
}

/** The first visit is not controlled yet: `clients.claim()` in the service worker makes it so. */
function controlled(): Promise<ServiceWorker> {
  const container = navigator.serviceWorker;
  if (container.controller) return Promise.resolve(container.controller);
  return new Promise((resolve) => {
    container.addEventListener('controllerchange', () => container.controller && resolve(container.controller), {
      once: true,
    });
  });
}

function clientIdFrom(controller: ServiceWorker): Promise<string> {
  const { port1, port2 } = new MessageChannel();
  const hello: Hello = { type: 'CLOCHE_HELLO' };
  controller.postMessage(hello, [port2]);
  return new Promise((resolve) => {
    port1.onmessage = ({ data }: MessageEvent<string>) => resolve(data);
  });
}

function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  const late = new Promise<never>((_resolve, reject) => {
    setTimeout(() => reject(new ClocheError('START_FAILED', `it did not answer within ${ms} ms`)), ms);
  });
  return Promise.race([promise, late]);
}
