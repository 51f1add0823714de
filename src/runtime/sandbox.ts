// One live plugin, seen from the page: its worker, its port, and the certainty that every call settles.

import { ClocheError, messageOf } from '../errors.ts';
import { cspBlocked } from '../util/csp-blocked.ts';
import { dispose } from '../util/dispose.ts';
import { InputMemory, LARGE_INPUT_BYTES } from './calls/input-memory.ts';
import type { RunningCall } from './calls/running-call.ts';
import { GuestInstance } from './guest-instance.ts';
import { frameRemoved } from './isolation/frame-guard.ts';
import type { Death, PluginWorker, WorkerHost } from './isolation/worker-host.ts';
import type { RunnerContext } from './runner-context.ts';
import type { StartMessage } from './start/start-request.ts';
import type { AnswerChannel } from './wait/answer-channel.ts';
import { writeAnswer } from './wire/answer-codec.ts';
import { handedOver } from './wire/comlink-messages.ts';
import { type FilteredPort, filterPort } from './wire/message-filter.ts';
import type {
  CallAnswer,
  GuestCall,
  HostAnswer,
  OneWayCall,
  SentCall,
  StartAnswer,
  WireValue,
  WorkerApi,
} from './wire/protocol.ts';
import { MalformedAnswer, readCallAnswer, readStartAnswer, returnedInput } from './wire/read-answers.ts';

/** Of its runner's, what a sandbox needs itself. */
type SandboxContext = Pick<RunnerContext, 'dispatch' | 'oneWay' | 'log'>;

/** Largest message of a worker before it is told its own cap; a spare has none yet. */
const UNSTARTED_BYTES = 1 << 20;
/** What a message may have besides the payload. */
const SLACK_BYTES = 65_536;

export class Sandbox implements Disposable {
  readonly #workerHost: WorkerHost;
  readonly #worker: PluginWorker;
  readonly #filter: FilteredPort;
  readonly #answerChannel: AnswerChannel;
  /** For what is called here next. */
  readonly inputs = new InputMemory();
  #context: SandboxContext | undefined;
  /** What it was asked to do, and has not answered yet. */
  #call: RunningCall | undefined;
  #maxBytes = UNSTARTED_BYTES;
  #maxLogLength = 0;
  #ended: ClocheError | undefined;
  #instance: GuestInstance | undefined;
  /** Keys of the modules that its worker was told to load; undefined before. */
  #keys: ReadonlySet<string> | undefined;

  /** Told when the sandbox ends of itself: the worker died or broke the protocol, in a call or between two. */
  onGone: ((reason: ClocheError) => void) | undefined;

  /** @param source what its worker runs. @default what all workers run that are not asked for more */
  constructor(workerHost: WorkerHost, answerChannel: AnswerChannel, source?: string) {
    this.#workerHost = workerHost;
    this.#answerChannel = answerChannel;
    this.#worker = workerHost.spawn(source);
    this.#filter = filterPort(
      this.#worker.port,
      { bytes: () => this.#maxBytes, logLength: () => this.#maxLogLength },
      {
        log: (message) => this.#context?.log(message),
        hostCall: (index, args) => this.#hostCall(index, args, (answer) => this.#filter.answer(answer)),
        blockingHostCall: ({ index, args }) => this.#hostCall(index, args, (answer) => this.#answerBlocking(answer)),
        oneWayCall: (call) => this.#runOneWay(call),
        moreOfAnswer: () => answerChannel.more(),
        violation: (what) => this.#violated(what),
      },
    );
    void this.#worker.died.then((death) => this.#lost(deathOf(death, workerHost.workerDirective)));
  }

  /** Whether its worker has a module of this key compiled, or gets it lent. */
  has(key: string): boolean {
    return this.#keys?.has(key) || this.#workerHost.has(key);
  }

  get alive(): boolean {
    return !this.#ended && this.#workerHost.alive;
  }

  /**
   * Loads the modules, and starts the plugin unless it is only to be inspected, or its facts are not those assumed.
   * @throws {ClocheError} when the worker is gone before it answers.
   */
  async start({ request, buffers }: StartMessage, context: SandboxContext, call: RunningCall): Promise<StartAnswer> {
    this.#context = context;
    this.#maxBytes = request.exchangeBytes + SLACK_BYTES;
    // One more byte than is shown tells that a line was cut.
    this.#maxLogLength = request.logLineBytes + 1;
    // Once: afterwards it has them, and whatever it delivered then would not be what our own glue has compiled.
    if (!this.#keys) {
      const keys = request.modules.map(({ key }) => key);
      this.#keys = new Set(keys);
      this.#worker.loadModules(keys);
    }
    return this.#ask(call, 'start', { ...request, wait: this.#answerChannel.setup }, [...buffers], readStartAnswer);
  }

  /** The instance that runs now, or that the next call will run in. */
  get instance(): GuestInstance {
    this.#instance ??= new GuestInstance();
    if (this.#ended) this.#instance.end();
    return this.#instance;
  }

  /**
   * Runs an export. One at a time: whoever owns the plugin keeps the queue.
   * @param guestCall its input may be handed over, and is empty then afterwards. Arguments are copied.
   */
  call(guestCall: GuestCall, call: RunningCall): Promise<CallAnswer> {
    const { message, buffers, lentBytes } = messageOfCall(guestCall, this.#worker.sharesProcess);
    return this.#ask(call, 'call', message, buffers, (value) => {
      const answer = readCallAnswer(value, guestCall, this.#maxBytes);
      const memory = lentBytes === undefined ? undefined : returnedInput(value, lentBytes);
      if (memory) this.inputs.giveBack(memory);
      if (answer.instanceEnded) this.#endInstance();
      return answer;
    });
  }

  /** Ends the worker, whatever it does, and rejects what waits for it with `reason`. Twice is once. */
  end(reason: ClocheError): void {
    if (this.#ended) return;
    this.#ended = reason;
    this.#worker[dispose]();
    this.#answerChannel[dispose]();
    this.#filter.close(reason);
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

  #violated(what: string): ClocheError {
    const violation = new ClocheError('PROTOCOL_VIOLATION', `the worker sent ${what}`);
    this.#lost(violation);
    return violation;
  }

  async #ask<T>(
    call: RunningCall,
    name: keyof WorkerApi,
    argument: unknown,
    buffers: ArrayBuffer[],
    read: (value: unknown) => T,
  ): Promise<T> {
    if (this.#ended) throw this.#ended;
    this.#call = call;
    let value: unknown;
    try {
      value = await this.#filter.call(name, argument, buffers);
    } finally {
      this.#call = undefined;
    }
    try {
      return read(value);
    } catch (thrown) {
      if (!(thrown instanceof MalformedAnswer)) throw thrown;
      throw this.#violated(thrown.message);
    }
  }

  /** In the task of its message, where the host function promises nothing: a worker that blocks waits for no other. */
  #hostCall(index: number, args: readonly WireValue[], send: (answer: HostAnswer) => void): void {
    const answer = (given: HostAnswer): void => send(this.#filter.leased(given));
    const failedWith = (thrown: unknown): HostAnswer => failed(messageOf(thrown));
    const context = this.#context;
    const call = this.#call;
    let outcome: HostAnswer | Promise<HostAnswer>;
    try {
      outcome = context && call ? context.dispatch(call, index, args) : failed('a host call outside of any call');
    } catch (thrown) {
      outcome = failedWith(thrown);
    }
    if (outcome instanceof Promise) outcome.then(answer, (thrown: unknown) => answer(failedWith(thrown)));
    else answer(outcome);
  }

  #runOneWay(oneWay: OneWayCall): void {
    if (!this.#context || !this.#call || !this.#context.oneWay(this.#call, oneWay)) {
      this.#violated('a host call one-way that nothing was leased for');
    }
  }

  #answerBlocking(answer: HostAnswer): void {
    const bytes = writeAnswer(answer);
    if (this.#ended) return;
    // First this, or its next call could be faster.
    this.#filter.answered();
    this.#answerChannel.answer(bytes);
  }
}

interface CallMessage {
  readonly message: SentCall;
  readonly buffers: ArrayBuffer[];
  /** Size of the memory that is to come back. */
  readonly lentBytes?: number;
}

/**
 * An empty input is left out. Of a view only what it shows goes along, not all of its buffer.
 * @param lendsInput whether the memory of large inputs is to come back: between processes it would be copied
 */
function messageOfCall(call: GuestCall, lendsInput: boolean): CallMessage {
  const { export: name } = call;
  if (!('input' in call)) {
    const args = call.args.map((value) => (value instanceof Uint8Array ? value.slice() : value));
    return { message: { export: name, args }, buffers: handedOver(args) };
  }
  const { input } = call;
  if (input.length === 0) return { message: { export: name }, buffers: [] };
  const { byteLength } = input.buffer;
  const buffers = handedOver([input]);
  if (!lendsInput || byteLength < LARGE_INPUT_BYTES) return { message: { export: name, input }, buffers };
  return { message: { export: name, input, returnInput: true }, buffers, lentBytes: byteLength };
}

function failed(message: string): HostAnswer {
  return { ok: false, error: { code: 'HOST_FUNCTION_FAILED', message } };
}

function deathOf({ message, why }: Death, workerDirective: string): ClocheError {
  switch (why) {
    case 'blocked':
      return cspBlocked(`keeps the worker from starting (${message})`, workerDirective);
    case 'removed':
      return frameRemoved();
    case 'violation':
      return new ClocheError('PROTOCOL_VIOLATION', `the worker sent ${message}`);
    case 'error':
      return new ClocheError('START_FAILED', `the worker ended by itself: ${message}`);
  }
}
