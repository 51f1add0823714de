// The page's end of the wire, which speaks Comlink's protocol and believes nothing. Comlink itself trusts its peer: an
// unfiltered `expose()` lets whoever posts raw messages pollute prototypes and run code in this realm. So a message is let
// through only when it is
//   - the answer to the call that is pending here, as a RAW value;
//   - an APPLY of `hostCall` with a RAW index and RAW values;
//   - a log line, a blocking host call, or a host call one-way that a lease allows,
// one host call at a time, as a guest that waits can make no second one. Anything else ends the worker.

import { dispose } from '../../util/dispose.ts';
import { Timer } from '../../util/time/timer.ts';
import { TokenBucket } from '../../util/time/token-bucket.ts';
import type { WorkerPort } from '../isolation/worker-host.ts';
import { answerMessage, applyMessage, handedOver } from './comlink-messages.ts';
import { LeaseCredit } from './lease-credit.ts';
import { LOG_LEVELS } from './log-level.ts';
import { ownBytes, spanOf, type TakenBuffers } from './own-bytes.ts';
import type {
  BlockingHostCall,
  HostAnswer,
  LogLevel,
  LogMessage,
  LogSource,
  OneWayCall,
  WireValue,
  WorkerApi,
} from './protocol.ts';

/** What one worker may say, and who listens. */
export interface FilterListeners {
  log(message: LogMessage): void;
  /** To be answered by `answer`. */
  hostCall(index: number, args: readonly WireValue[]): void;
  blockingHostCall(call: BlockingHostCall): void;
  oneWayCall(call: OneWayCall): void;
  moreOfAnswer(): void;
  /** The worker said something that no worker of ours says. Called once. */
  violation(what: string): void;
}

export interface FilteredPort {
  /**
   * Calls a function of the worker. One call at a time.
   * @param handedOver buffers of the argument that are empty here afterwards
   * @throws what the port was closed with, when that comes first
   */
  call(name: keyof WorkerApi, argument: unknown, handedOver?: ArrayBuffer[]): Promise<unknown>;
  /** Answers the host call that waits. @param answer of values that nobody else holds: large ones are handed over */
  answer(answer: HostAnswer): void;
  /** The answer of a host call as the worker may have it: whether with the lease that is behind it is decided here. */
  leased(answer: HostAnswer): HostAnswer;
  /** A blocking host call was answered, past this port. */
  answered(): void;
  /** Hears and says nothing any more, and rejects the call that is pending. */
  close(reason: unknown): void;
}

/** Largest message; both are read when a message comes, since a spare learns its limits when it is started. */
export interface FilterCaps {
  /** Bytes of all buffers in one message. */
  bytes(): number;
  /** Length of a log line in UTF-16 units. */
  logLength(): number;
}

interface PendingCall {
  readonly id: string;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * A burst of messages that our own worker stays below, and what it may send a second. Chromium hands over what has
 * piled up in one task of the page, at about 10 µs a message: a burst has to fit into 50 ms.
 */
const BURST = 2_500;
const MESSAGES_A_SECOND = 10_000;

const LEVELS: ReadonlySet<unknown> = new Set(LOG_LEVELS);
const SOURCES: ReadonlySet<unknown> = new Set<LogSource>(['plugin', 'stdout', 'stderr']);
const MOST_ARGUMENTS = 64;
/** Such an answer only says that it is done. */
const MOST_ONE_WAY_ANSWER_BYTES = 1_024;
/** Of a host call that is answered past this port. */
const BLOCKING = Symbol('blocking');
const TOO_MANY = 'more messages than a plugin may send';
const SECOND_CALL = 'a second host call before the first was answered';

export function filterPort(port: WorkerPort, caps: FilterCaps, listeners: FilterListeners): FilteredPort {
  let pending: PendingCall | undefined;
  let calls = 0;
  let closed = false;
  /** The host call that waits for its answer: its id, or that it blocks. */
  let asking: string | typeof BLOCKING | undefined;
  /** Of what needs no answer, and so could pile up. */
  const rate = new TokenBucket(BURST, MESSAGES_A_SECOND);
  const hostCalls = new TokenBucket(BURST, MESSAGES_A_SECOND);
  /** Until the host call may be heard that came too soon. */
  let held: Timer | undefined;
  const credit = new LeaseCredit();

  const close = (): void => {
    closed = true;
    held?.[dispose]();
    port.onmessage = null;
    port.onmessageerror = null;
    port.close();
  };

  const violate = (what: string): void => {
    if (closed) return;
    close();
    listeners.violation(what);
  };

  /** A guest may call without a pause, as it waits for each answer: so it only waits longer, and the page has time for others. */
  const atRate = (hear: () => void): void => {
    hostCalls.take();
    const { debtMs } = hostCalls;
    if (debtMs === 0) hear();
    else held = new Timer(debtMs, hear);
  };

  port.onmessage = ({ data, ports }: MessageEvent<unknown>) => {
    if (closed) return;
    if (ports.length > 0 || !isRecord(data)) return violate('a message of no known form');
    switch (data.type) {
      case 'RAW': {
        const call = pending;
        if (!call || data.id !== call.id) return violate('an answer that nobody waits for');
        pending = undefined;
        credit.end();
        return call.resolve(data.value);
      }
      case 'APPLY': {
        const call = hostCallOf(data, caps.bytes());
        if (!call) return violate('a call of something other than a host function');
        if (asking !== undefined) return violate(SECOND_CALL);
        asking = call.id;
        credit.end();
        return atRate(() => listeners.hostCall(call.index, call.args));
      }
      case 'LOG': {
        if (!rate.take()) return violate(TOO_MANY);
        const { level, source, text } = data;
        if (!LEVELS.has(level) || !SOURCES.has(source) || typeof text !== 'string' || text.length > caps.logLength()) {
          return violate('a log line of no known form');
        }
        return listeners.log({ type: 'LOG', level: level as LogLevel, source: source as LogSource, text });
      }
      case 'HOST_CALL': {
        const args = wireValues(data.args, caps.bytes());
        if (!isIndex(data.index) || !args) return violate('a host call of no known form');
        if (asking !== undefined) return violate(SECOND_CALL);
        asking = BLOCKING;
        credit.end();
        const call: BlockingHostCall = { type: 'HOST_CALL', index: data.index, args };
        return atRate(() => listeners.blockingHostCall(call));
      }
      case 'ONE_WAY': {
        const call = asking === undefined ? oneWayCallOf(data, credit) : undefined;
        return call ? listeners.oneWayCall(call) : violate('a host call one-way that nothing was leased for');
      }
      case 'MORE':
        if (!rate.take()) return violate(TOO_MANY);
        return listeners.moreOfAnswer();
      default:
        return violate('a message of no known type');
    }
  };

  port.onmessageerror = () => violate('a message that cannot be read');

  return {
    call(name, argument, buffers = []) {
      if (pending) throw new Error('a worker is called while it runs another call');
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      pending = { id: String(++calls), resolve, reject };
      port.postMessage(applyMessage(pending.id, name, [argument]), buffers);
      return promise;
    },
    answer(answer) {
      if (closed || typeof asking !== 'string') return;
      const message = answerMessage(asking, answer);
      asking = undefined;
      port.postMessage(message, answer.ok ? handedOver(answer.values) : []);
    },
    leased: (answer) => credit.grant(answer),
    answered() {
      asking = undefined;
    },
    close(reason) {
      close();
      pending?.reject(reason);
      pending = undefined;
    },
  };
}

/** `APPLY hostCall(index, values)`, as Comlink writes it, or undefined for anything else. */
function hostCallOf(
  data: Record<string, unknown>,
  maxBytes: number,
): { id: string; index: number; args: WireValue[] } | undefined {
  const { id, path, argumentList } = data;
  if (typeof id !== 'string' || id.length > 100) return undefined;
  if (!Array.isArray(path) || path.length !== 1 || path[0] !== 'hostCall') return undefined;
  if (!Array.isArray(argumentList) || argumentList.length !== 2) return undefined;
  const [index, values] = argumentList as unknown[];
  if (!isRaw(index) || !isRaw(values) || !isIndex(index.value)) return undefined;
  const args = wireValues(values.value, maxBytes);
  return args && { id, index: index.value, args };
}

/** Undefined for one of another form, and for one more or larger than was leased. */
function oneWayCallOf({ index, args, answer }: Record<string, unknown>, credit: LeaseCredit): OneWayCall | undefined {
  const mostBytes = credit.takeCall();
  if (mostBytes === undefined || !isIndex(index)) return undefined;
  const [own, told] = [sentValues(args, mostBytes), wireValues([answer], MOST_ONE_WAY_ANSWER_BYTES)];
  if (!own || !told) return undefined;
  credit.takeBytes(own.bytes);
  return { type: 'ONE_WAY', index, args: own.values, answer: told[0] ?? null };
}

/** The values in this realm, or undefined when one is of another type or all of them are too large. Large buffers are taken over. */
export function wireValues(value: unknown, maxBytes: number): WireValue[] | undefined {
  return sentValues(value, maxBytes)?.values;
}

/** The same, with the bytes of all buffers that were sent: a view may show less. */
function sentValues(value: unknown, maxBytes: number): { values: WireValue[]; bytes: number } | undefined {
  if (!Array.isArray(value) || value.length > MOST_ARGUMENTS) return undefined;
  const copy: WireValue[] = [];
  const taken: TakenBuffers = new Map();
  const items = Array.from(value as unknown[], (item) => [item, spanOf(item)] as const);
  let bytes = 0;
  for (const [item, span] of items) {
    if (span) {
      bytes += span.bufferBytes;
      if (bytes > maxBytes) return undefined;
      const own = ownBytes(span, taken);
      if (!own) return undefined;
      copy.push(own);
      continue;
    }
    if (typeof item === 'bigint') {
      // An i64, signed or not. JavaScript's own has megabytes, and takes minutes to print.
      if (BigInt.asIntN(64, item) !== item && BigInt.asUintN(64, item) !== item) return undefined;
    } else if (typeof item !== 'number' && item !== null) {
      return undefined;
    }
    copy.push(item as WireValue);
  }
  return { values: copy, bytes };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isRaw(value: unknown): value is { value: unknown } {
  return isRecord(value) && value.type === 'RAW';
}

function isIndex(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
