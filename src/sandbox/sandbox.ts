// One live plugin, seen from the page: its worker, its port, and the certainty that every call settles.

import { expose, type Remote, wrap } from 'comlink';
import { ClocheError } from '../errors.ts';
import { MalformedAnswer, readCallAnswer, readStartAnswer } from './answers.ts';
import type { Waiting } from './environment.ts';
import type { Home, PluginWorker } from './home.ts';
import { type FilteredPort, filterPort } from './message-filter.ts';
import { cspBlocked, WORKER_DIRECTIVE } from './page-policy.ts';
import type {
  CallAnswer,
  HostAnswer,
  LogMessage,
  PageApi,
  StartAnswer,
  StartRequest,
  WireValue,
  WorkerApi,
} from './protocol.ts';
import { writeAnswer } from './wire-codec.ts';

/** What a sandbox asks of whoever owns the plugin in it. */
export interface SandboxOwner {
  hostCall(index: number, args: readonly WireValue[]): Promise<HostAnswer>;
  log(message: LogMessage): void;
}

/** Largest message of a worker before it is told its own cap; a spare has none yet. */
const UNSTARTED_BYTES = 1 << 20;
/** What a message may have besides the payload, and a log line besides its bytes. */
const SLACK_BYTES = 65_536;

export class Sandbox {
  readonly #home: Home;
  readonly #worker: PluginWorker;
  readonly #filter: FilteredPort;
  readonly #remote: Remote<WorkerApi>;
  readonly #gone: Promise<never>;
  readonly #reject: (reason: ClocheError) => void;
  readonly #waiting: Waiting;
  #owner: SandboxOwner | undefined;
  #maxBytes = UNSTARTED_BYTES;
  #ended = false;

  constructor(home: Home, waiting: Waiting) {
    this.#home = home;
    this.#waiting = waiting;
    this.#worker = home.spawn();
    const { promise, reject } = Promise.withResolvers<never>();
    this.#gone = promise;
    this.#reject = reject;
    // A sandbox may end with nobody waiting; each call has its own share in the rejection.
    promise.catch(() => undefined);

    this.#filter = filterPort(this.#worker.port, () => this.#maxBytes, {
      log: (message) => this.#owner?.log(message),
      blockingHostCall: ({ index, args }) => void this.#answerBlocking(index, args),
      moreOfAnswer: () => waiting.more(),
      violation: (what) => this.end(new ClocheError('PROTOCOL_VIOLATION', `the worker sent ${what}`)),
    });
    this.#remote = wrap<WorkerApi>(this.#filter.calls);
    const api: PageApi = { hostCall: (index, args) => this.#hostCall(index, args) };
    expose(api, this.#filter.hostCalls);
    void this.#worker.died.then(({ message, blocked }) =>
      this.end(
        blocked
          ? cspBlocked(`keeps the worker from starting (${message})`, WORKER_DIRECTIVE)
          : new ClocheError('START_FAILED', `the worker ended by itself: ${message}`),
      ),
    );
  }

  get alive(): boolean {
    return !this.#ended && this.#home.alive;
  }

  /**
   * Loads the modules, and starts the plugin unless it is only to be inspected.
   * @throws {ClocheError} when the worker is gone before it answers.
   */
  async start(request: Omit<StartRequest, 'wait'>, owner: SandboxOwner): Promise<StartAnswer> {
    this.#owner = owner;
    this.#maxBytes = request.exchangeBytes + SLACK_BYTES;
    this.#home.lend(
      this.#worker,
      request.modules.map(({ key }) => key),
    );
    return this.#answered(this.#remote.start({ ...request, wait: this.#waiting.setup }), readStartAnswer);
  }

  /** Runs an export. One at a time: whoever owns the plugin keeps the queue. */
  call(name: string, input: Uint8Array): Promise<CallAnswer> {
    return this.#answered(this.#remote.call(name, input), (value) => readCallAnswer(value, this.#maxBytes));
  }

  /** Ends the worker, whatever it does, and rejects what waits for it with `reason`. Twice is once. */
  end(reason: ClocheError): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#filter.close();
    this.#home.end(this.#worker);
    this.#waiting.close();
    this.#reject(reason);
  }

  /** A Comlink call to a worker that is gone never settles by itself, so it races the worker's end. */
  async #answered<T>(answer: Promise<unknown>, read: (value: unknown) => T): Promise<T> {
    const value = await Promise.race([answer, this.#gone]);
    try {
      return read(value);
    } catch (thrown) {
      if (!(thrown instanceof MalformedAnswer)) throw thrown;
      const violation = new ClocheError('PROTOCOL_VIOLATION', `the worker sent ${thrown.message}`);
      this.end(violation);
      throw violation;
    }
  }

  async #hostCall(index: number, args: readonly WireValue[]): Promise<HostAnswer> {
    if (this.#owner) return this.#owner.hostCall(index, args);
    return { ok: false, error: { code: 'HOST_FUNCTION_FAILED', message: 'a host call before the plugin was started' } };
  }

  async #answerBlocking(index: number, args: readonly WireValue[]): Promise<void> {
    const answer = writeAnswer(await this.#hostCall(index, args));
    if (!this.#ended) this.#waiting.answer(answer);
  }
}
