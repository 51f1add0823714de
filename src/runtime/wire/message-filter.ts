// The wall between a worker and Comlink. Comlink itself trusts its peer: an unfiltered `expose()` lets whoever posts
// raw messages pollute prototypes and run code in this realm. So a message is let through only when it is
//   - the answer to a call that is pending here, as a RAW value;
//   - an APPLY of `hostCall` with a RAW index and RAW values;
//   - a log line, or a blocking host call,
// one host call at a time, as a guest that waits can make no second one, and in an envelope made here. Anything else
// ends the worker.

import type { Endpoint } from 'comlink';
import { dispose } from '../../util/dispose.ts';
import { TokenBucket } from '../../util/token-bucket.ts';
import type { WorkerPort } from '../isolation/worker-host.ts';
import { LOG_LEVELS } from './log-level.ts';
import type { BlockingHostCall, LogLevel, LogMessage, LogSource, WireValue } from './protocol.ts';

/** What one worker may say, and who listens. */
export interface FilterListeners {
  log(message: LogMessage): void;
  blockingHostCall(call: BlockingHostCall): void;
  moreOfAnswer(): void;
  /** The worker said something that no worker of ours says. Called once. */
  violation(what: string): void;
}

/** Two endpoints on one port: `calls` for what the page asks, `hostCalls` for what the worker asks. */
export interface FilteredPort extends Disposable {
  readonly calls: Endpoint;
  readonly hostCalls: Endpoint;
  /** A blocking host call was answered, past this port. */
  answered(): void;
}

/** Largest message; both are read when a message comes, since a spare learns its limits when it is started. */
export interface FilterCaps {
  /** Bytes of all buffers in one message. */
  bytes(): number;
  /** Length of a log line in UTF-16 units. */
  logLength(): number;
}

type Handler = (event: { data: unknown; origin: string }) => void;

/**
 * A burst of messages that our own worker stays below, and what it may send a second. Chromium hands over what has
 * piled up in one task of the page, at about 10 µs a message: a burst has to fit into 50 ms.
 */
const BURST = 2_500;
const MESSAGES_A_SECOND = 10_000;

const LEVELS: ReadonlySet<unknown> = new Set(LOG_LEVELS);
const SOURCES: ReadonlySet<unknown> = new Set<LogSource>(['plugin', 'stdout', 'stderr']);
const MOST_ARGUMENTS = 64;
const SECOND_CALL = 'a second host call before the first was answered';

export function filterPort(port: WorkerPort, caps: FilterCaps, listeners: FilterListeners): FilteredPort {
  const pending = new Set<string>();
  let answers: Handler | undefined;
  let requests: Handler | undefined;
  let closed = false;
  /** Whether a host call waits for its answer. */
  let asking = false;
  const rate = new TokenBucket(BURST, MESSAGES_A_SECOND);

  const close = (): void => {
    closed = true;
    port.onmessage = null;
    port.onmessageerror = null;
    port.close();
  };

  const violate = (what: string): void => {
    if (closed) return;
    close();
    listeners.violation(what);
  };

  port.onmessage = ({ data, ports }: MessageEvent<unknown>) => {
    if (closed) return;
    if (!rate.take()) return violate('more messages than a plugin may send');
    if (ports.length > 0 || !isRecord(data)) return violate('a message of no known form');
    switch (data.type) {
      case 'RAW': {
        if (typeof data.id !== 'string' || !pending.delete(data.id)) return violate('an answer that nobody waits for');
        return answers?.({ data: { id: data.id, type: 'RAW', value: data.value }, origin: '' });
      }
      case 'APPLY': {
        const call = hostCallOf(data, caps.bytes());
        if (!call) return violate('a call of something other than a host function');
        if (asking) return violate(SECOND_CALL);
        asking = true;
        const argumentList = [raw(call.index), raw(call.args)];
        return requests?.({ data: { id: data.id, type: 'APPLY', path: ['hostCall'], argumentList }, origin: '' });
      }
      case 'LOG': {
        const { level, source, text } = data;
        if (!LEVELS.has(level) || !SOURCES.has(source) || typeof text !== 'string' || text.length > caps.logLength()) {
          return violate('a log line of no known form');
        }
        return listeners.log({ type: 'LOG', level: level as LogLevel, source: source as LogSource, text });
      }
      case 'HOST_CALL': {
        const args = wireValues(data.args, caps.bytes());
        if (!isIndex(data.index) || !args) return violate('a host call of no known form');
        if (asking) return violate(SECOND_CALL);
        asking = true;
        return listeners.blockingHostCall({ type: 'HOST_CALL', index: data.index, args });
      }
      case 'MORE':
        return listeners.moreOfAnswer();
      default:
        return violate('a message of no known type');
    }
  };

  port.onmessageerror = () => violate('a message that cannot be read');

  const send = (message: unknown, transfer: Transferable[] = []): void => {
    if (!closed) port.postMessage(message, transfer);
  };
  return {
    calls: endpoint(
      (message, transfer) => {
        if (isRecord(message) && typeof message.id === 'string') pending.add(message.id);
        send(message, transfer);
      },
      (handler) => (answers = handler),
    ),
    hostCalls: endpoint(
      (message, transfer) => {
        asking = false;
        send(message, transfer);
      },
      (handler) => (requests = handler),
    ),
    answered: () => {
      asking = false;
    },
    [dispose]: close,
  };
}

/** Comlink's view of one direction. It adds its listener once and removes it when it lets go. */
function endpoint(
  postMessage: (message: unknown, transfer?: Transferable[]) => void,
  listen: (handler: Handler | undefined) => void,
): Endpoint {
  return {
    postMessage,
    addEventListener: (_type, handler) => listen(handler as unknown as Handler),
    removeEventListener: () => listen(undefined),
  };
}

/** `APPLY hostCall(index, values)`, as Comlink writes it, or undefined for anything else. */
function hostCallOf(data: Record<string, unknown>, maxBytes: number): { index: number; args: WireValue[] } | undefined {
  const { id, path, argumentList } = data;
  if (typeof id !== 'string' || id.length > 100) return undefined;
  if (!Array.isArray(path) || path.length !== 1 || path[0] !== 'hostCall') return undefined;
  if (!Array.isArray(argumentList) || argumentList.length !== 2) return undefined;
  const [index, values] = argumentList as unknown[];
  if (!isRaw(index) || !isRaw(values) || !isIndex(index.value)) return undefined;
  const args = wireValues(values.value, maxBytes);
  return args && { index: index.value, args };
}

/** A copy of the values, or undefined when one is of another type or all of them are too large. */
export function wireValues(value: unknown, maxBytes: number): WireValue[] | undefined {
  if (!Array.isArray(value) || value.length > MOST_ARGUMENTS) return undefined;
  const copy: WireValue[] = [];
  let bytes = 0;
  for (const item of value as unknown[]) {
    if (item instanceof Uint8Array) {
      // Shared memory could change after it was checked.
      if (!(item.buffer instanceof ArrayBuffer)) return undefined;
      // A view may show less than what was sent along with it.
      bytes += item.buffer.byteLength;
      if (bytes > maxBytes) return undefined;
    } else if (typeof item === 'bigint') {
      // An i64, signed or not. JavaScript's own has megabytes, and takes minutes to print.
      if (BigInt.asIntN(64, item) !== item && BigInt.asUintN(64, item) !== item) return undefined;
    } else if (typeof item !== 'number' && item !== null) {
      return undefined;
    }
    copy.push(item as WireValue);
  }
  return copy;
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

function raw(value: unknown): { type: 'RAW'; value: unknown } {
  return { type: 'RAW', value };
}
