// One live plugin, seen from the page: its worker, its port, and the certainty that every call settles.

import { expose, type Remote, transfer, wrap } from 'comlink';
import { ClocheError, messageOf } from '../errors.ts';
import { cspBlocked } from '../util/csp-blocked.ts';
import { dispose } from '../util/dispose.ts';
import type { RunningCall } from './calls/running-call.ts';
import { GuestInstance } from './guest-instance.ts';
import { WORKER_DIRECTIVE } from './isolation/embedder-csp.ts';
import { frameRemoved } from './isolation/frame-guard.ts';
import type { Death, PluginWorker, WorkerHost } from './isolation/worker-host.ts';
import type { RunnerContext } from './runner-context.ts';
import type { AnswerChannel } from './wait/answer-channel.ts';
import { writeAnswer } from './wire/answer-codec.ts';
import { type FilteredPort, filterPort } from './wire/message-filter.ts';
import type {
  CallAnswer,
  GuestCall,
  HostAnswer,
  PageApi,
  StartAnswer,
  StartRequest,
  WireValue,
  WorkerApi,
} from './wire/protocol.ts';
import { MalformedAnswer, readCallAnswer, readStartAnswer } from './wire/read-answers.ts';

/** Of its runner's, what a sandbox needs itself. */
type SandboxContext = Pick<RunnerContext, 'dispatch' | 'log'>;

/** Largest message of a worker before it is told its own cap; a spare has none yet. */
const UNSTARTED_BYTES = 1 << 20;
/** What a message may have besides the payload. */
const SLACK_BYTES = 65_536;

export class Sandbox implements Disposable {
  readonly #workerHost: WorkerHost;
  readonly #worker: PluginWorker;
  readonly #filter: FilteredPort;
  readonly #start: Remote<WorkerApi>['start'];
  readonly #callExport: Remote<WorkerApi>['call'];
  readonly #answerChannel: AnswerChannel;
  /** What rejects each call under way. */
  readonly #pending = new Set<(reason: ClocheError) => void>();
  #context: SandboxContext | undefined;
  /** What it was asked to do, and has not answered yet. */
  #call: RunningCall | undefined;
  #maxBytes = UNSTARTED_BYTES;
  #maxLogLength = 0;
  #ended: ClocheError | undefined;
  #instance: GuestInstance | undefined;

  /** Told when the sandbox ends of itself: the worker died or broke the protocol, in a call or between two. */
  onGone: ((reason: ClocheError) => void) | undefined;

  constructor(workerHost: WorkerHost, answerChannel: AnswerChannel) {
    this.#workerHost = workerHost;
    this.#answerChannel = answerChannel;
    this.#worker = workerHost.spawn();
    this.#filter = filterPort(
      this.#worker.port,
      { bytes: () => this.#maxBytes, logLength: () => this.#maxLogLength },
      {
        log: (message) => this.#context?.log(message),
        blockingHostCall: ({ index, args }) => void this.#answerBlocking(index, args),
        moreOfAnswer: () => answerChannel.more(),
        violation: (what) => this.#lost(new ClocheError('PROTOCOL_VIOLATION', `the worker sent ${what}`)),
      },
    );
    // Taken once: each property of a Comlink proxy is another proxy.
    const { start, call } = wrap<WorkerApi>(this.#filter.calls);
    this.#start = start;
    this.#callExport = call;
    const api: PageApi = { hostCall: (index, args) => this.#hostCall(index, args) };
    expose(api, this.#filter.hostCalls);
    void this.#worker.died.then((death) => this.#lost(deathOf(death)));
  }

  get alive(): boolean {
    return !this.#ended && this.#workerHost.alive;
  }

  /**
   * Loads the modules, and starts the plugin unless it is only to be inspected.
   * @throws {ClocheError} when the worker is gone before it answers.
   */
  async start(request: Omit<StartRequest, 'wait'>, context: SandboxContext, call: RunningCall): Promise<StartAnswer> {
    this.#context = context;
    this.#maxBytes = request.exchangeBytes + SLACK_BYTES;
    // One more byte than is shown tells that a line was cut.
    this.#maxLogLength = request.logLineBytes + 1;
    this.#worker.loadModules(request.modules.map(({ key }) => key));
    return this.#answered(call, this.#start({ ...request, wait: this.#answerChannel.setup }), readStartAnswer);
  }

  /** The instance that runs now, or that the next call will run in. */
  get instance(): GuestInstance {
    this.#instance ??= new GuestInstance();
    if (this.#ended) this.#instance.end();
    return this.#instance;
  }

  /**
   * Runs an export. One at a time: whoever owns the plugin keeps the queue.
   * @param guestCall its input is handed over, not copied: it is empty afterwards. Arguments are copied.
   */
  async call(guestCall: GuestCall, call: RunningCall): Promise<CallAnswer> {
    const answer = await this.#answered(call, this.#callExport(handedOver(guestCall)), (value) =>
      readCallAnswer(value, guestCall, this.#maxBytes),
    );
    if (answer.instanceEnded) this.#endInstance();
    return answer;
  }

  /** Ends the worker, whatever it does, and rejects what waits for it with `reason`. Twice is once. */
  end(reason: ClocheError): void {
    if (this.#ended) return;
    this.#ended = reason;
    this.#filter[dispose]();
    this.#worker[dispose]();
    this.#answerChannel[dispose]();
    for (const reject of this.#pending) reject(reason);
    this.#pending.clear();
    this.#endInstance();
  }

  [dispose](): void {
    this.end(new ClocheError('CLOSED', 'the host was closed'));
  }

  #endInstance(): void {
    const instance = this.#instance;
    this.#instance = undefined;
    instance?.end();
  }

  #lost(reason: ClocheError): void {
    if (this.#ended) return;
    this.end(reason);
    this.onGone?.(reason);
  }

  /**
   * A Comlink call to a worker that is gone never settles by itself. Not `Promise.race` with a promise of the
   * sandbox's end: that would hold every answer for as long as the sandbox lives.
   */
  async #answered<T>(call: RunningCall, answer: Promise<unknown>, read: (value: unknown) => T): Promise<T> {
    if (this.#ended) throw this.#ended;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#pending.add(reject);
    this.#call = call;
    answer.then(resolve, reject);
    try {
      return read(await promise);
    } catch (thrown) {
      if (!(thrown instanceof MalformedAnswer)) throw thrown;
      const violation = new ClocheError('PROTOCOL_VIOLATION', `the worker sent ${thrown.message}`);
      this.#lost(violation);
      throw violation;
    } finally {
      this.#pending.delete(reject);
      if (this.#call === call) this.#call = undefined;
    }
  }

  async #hostCall(index: number, args: readonly WireValue[]): Promise<HostAnswer> {
    if (!this.#context || !this.#call) return failed('a host call outside of any call');
    try {
      return await this.#context.dispatch(this.#call, index, args);
    } catch (thrown) {
      // Comlink would send what is thrown here on to the worker, stack and all.
      return failed(messageOf(thrown));
    }
  }

  async #answerBlocking(index: number, args: readonly WireValue[]): Promise<void> {
    const answer = writeAnswer(await this.#hostCall(index, args));
    if (this.#ended) return;
    // First this, or its next call could be faster.
    this.#filter.answered();
    this.#answerChannel.answer(answer);
  }
}

function handedOver(call: GuestCall): GuestCall {
  if ('input' in call) return transfer(call, [call.input.buffer]);
  // A view would take along all of the buffer that it shows a part of.
  const args = call.args.map((value) => (value instanceof Uint8Array ? value.slice() : value));
  return transfer(
    { ...call, args },
    args.flatMap((value) => (value instanceof Uint8Array ? [value.buffer] : [])),
  );
}

function failed(message: string): HostAnswer {
  return { ok: false, error: { code: 'HOST_FUNCTION_FAILED', message } };
}

function deathOf({ message, why }: Death): ClocheError {
  switch (why) {
    case 'blocked':
      return cspBlocked(`keeps the worker from starting (${message})`, WORKER_DIRECTIVE);
    case 'removed':
      return frameRemoved();
    case 'violation':
      return new ClocheError('PROTOCOL_VIOLATION', `the worker sent ${message}`);
    case 'error':
      return new ClocheError('START_FAILED', `the worker ended by itself: ${message}`);
  }
}
