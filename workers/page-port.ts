// The worker's end of the wire: answers the calls of the page, and calls its host functions. The page is believed.

import type { Endpoint } from 'comlink';
import {
  type AnswerMessage,
  type ApplyMessage,
  answerMessage,
  applyMessage,
  handedOver,
} from '../src/runtime/wire/comlink-messages.ts';
import type {
  BlockingHostCall,
  CallAnswer,
  HostAnswer,
  LogMessage,
  MoreOfAnswer,
  OneWayCall,
  StartAnswer,
  ToWorker,
  WireValue,
  WorkerApi,
} from '../src/runtime/wire/protocol.ts';

/** Where the page holds the worker itself, modules come the same way. */
type PageMessage = ApplyMessage | AnswerMessage | ToWorker;

export class PagePort {
  readonly #port: Endpoint;
  #hostCalls = 0;
  /** The host call that waits: a guest that is suspended makes no second one. */
  #waiting: { readonly id: string; readonly resolve: (answer: HostAnswer) => void } | undefined;

  constructor(port: Endpoint) {
    this.#port = port;
  }

  /** Answers what the page calls. Nothing of `api` may reject: a failure is an answer too. */
  serve(api: WorkerApi): void {
    this.#port.addEventListener('message', (event) => {
      const { data } = event as MessageEvent<PageMessage>;
      if (data.type === 'APPLY') void this.#run(api, data);
      else if (data.type === 'RAW' && data.id === this.#waiting?.id) this.#waiting.resolve(data.value as HostAnswer);
    });
    this.#port.start?.();
  }

  /** @param args copies that nobody else holds */
  hostCall(index: number, args: readonly WireValue[]): Promise<HostAnswer> {
    const { promise, resolve } = Promise.withResolvers<HostAnswer>();
    const id = String(++this.#hostCalls);
    this.#waiting = { id, resolve };
    this.#port.postMessage(applyMessage(id, 'hostCall', [index, args]), handedOver(args));
    return promise;
  }

  /** Says something that gets no answer here. */
  say(message: LogMessage | BlockingHostCall | MoreOfAnswer | OneWayCall): void {
    this.#port.postMessage(message);
  }

  async #run(api: WorkerApi, { id, path, argumentList }: ApplyMessage): Promise<void> {
    const [argument] = argumentList;
    const answer =
      path[0] === 'start'
        ? await api.start(argument?.value as Parameters<WorkerApi['start']>[0])
        : await api.call(argument?.value as Parameters<WorkerApi['call']>[0]);
    this.#port.postMessage(answerMessage(id, answer), handedOver(valuesOf(answer)));
  }
}

function valuesOf(answer: StartAnswer | CallAnswer): readonly WireValue[] {
  const input = 'input' in answer ? [answer.input] : [];
  if ('output' in answer) return [answer.output, ...input];
  return 'values' in answer ? answer.values : input;
}
