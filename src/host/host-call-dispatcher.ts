// Answers the host calls of one plugin: finds the function, checks the grant, reads the arguments by their declared
// shapes, and turns what comes back, or goes wrong, into something the worker may hear.

import { type Capability, functionsFor, type HostCallContext, type HostFunction } from '../capabilities/capability.ts';
import { ClocheError, messageOf } from '../errors.ts';
import type { HostCallRecord } from '../events.ts';
import type { Limits } from '../limits.ts';
import type { Dialect } from '../manifest/plugin-manifest.ts';
import { onBehalfOf } from '../runtime/call-chain.ts';
import type { RunningCall } from '../runtime/running-call.ts';
import { DESCRIBING } from '../runtime/running-call.ts';
import type {
  FunctionShape,
  HostAnswer,
  LogLevel,
  ValueShape,
  WireError,
  WireValue,
} from '../runtime/wire/protocol.ts';
import { jsonOf } from '../util/json/plain-json.ts';
import { copyOfBytes, heldBytes, holdsBytes } from './output.ts';

/** A host function together with the capability it belongs to, in the order in which workers count them. */
export interface OfferedFunction extends FunctionShape {
  readonly capability: Capability;
  readonly call: HostFunction['call'];
  readonly failed: HostFunction['failed'];
}

export interface DispatchContext {
  readonly plugin: HostCallContext['plugin'];
  readonly limits: Limits;
  readonly grants: ReadonlyMap<string, unknown>;
  readonly policy: ReadonlyMap<string, unknown>;
  log(level: LogLevel, text: string, source?: 'host' | 'plugin'): void;
  called(record: HostCallRecord): void;
}

/** What a host offers to plugins of a dialect; of two functions with one name the first in the list is linked. */
export function offeredFunctions(capabilities: readonly Capability[], dialect: Dialect): OfferedFunction[] {
  return capabilities.flatMap((capability) =>
    [...functionsFor(capability, dialect)].map(([name, { namespace, params, result, call, failed }]) => ({
      capability,
      namespace: namespace ?? capability.namespace,
      name,
      params,
      result: result ?? null,
      lenient: failed !== undefined,
      call,
      failed,
    })),
  );
}

export async function dispatchHostCall(
  owner: DispatchContext,
  offered: readonly OfferedFunction[],
  running: RunningCall,
  index: number,
  args: readonly WireValue[],
): Promise<HostAnswer> {
  const fn = offered[index];
  if (!fn) return failed('PROTOCOL_VIOLATION', 'no host function has this number');
  const began = performance.now();
  const outcome = await settle(owner, fn, running, args);
  const answer = outcome.ok ? outcome : await answerOfFailure(owner, fn, running, outcome);
  owner.called({
    plugin: owner.plugin.id,
    time: Date.now() - Math.round(performance.now() - began),
    capability: fn.capability.name,
    name: fn.name,
    durationMs: performance.now() - began,
    requestBytes: byteCount(args),
    answerBytes: answer.ok ? byteCount(answer.values) : 0,
    outcome: outcome.ok ? 'ok' : outcome.error.code,
  });
  return answer;
}

type Settled = Extract<HostAnswer, { ok: true }> | Failure;
interface Failure {
  readonly ok: false;
  readonly error: WireError;
  /** What the plugin may hear in full; undefined for what is only the page's business. */
  readonly told: ClocheError | undefined;
}

/** Where its contract has a value for a failure the plugin hears that, and its call goes on. */
async function answerOfFailure(
  owner: DispatchContext,
  fn: OfferedFunction,
  running: RunningCall,
  failure: Failure,
): Promise<HostAnswer> {
  const { told = new ClocheError(failure.error.code, failure.error.message), error } = failure;
  if (!fn.failed) return { ok: false, error };
  try {
    const value = writeResult(fn, await unheld(fn, await fn.failed(told), owner.limits.exchangeBytes));
    running.hostFailure = undefined;
    // Its call goes on, so nobody else would say so.
    owner.log('warn', error.message);
    return { ok: true, values: [value] };
  } catch (thrown) {
    owner.log('error', `host function \`${fn.name}\` could not say that it failed: ${messageOf(thrown)}`);
    return { ok: false, error };
  }
}

async function settle(
  owner: DispatchContext,
  fn: OfferedFunction,
  running: RunningCall,
  args: readonly WireValue[],
): Promise<Settled> {
  const { name: capability } = fn.capability;
  if (!owner.grants.has(capability)) {
    const message = `\`${fn.name}\` needs the capability \`${capability}\`, which plugin "${owner.plugin.id}" was not granted`;
    const told = new ClocheError('PERMISSION_DENIED', message);
    return { ok: false, error: { code: told.code, message }, told };
  }
  try {
    const { instance } = running.sandbox;
    const values = readArguments(fn, args);
    const value = await running.hostCall(async (signal, remainingMs) => {
      const context: HostCallContext = {
        plugin: { ...owner.plugin },
        signal,
        context: running.context,
        grant: owner.grants.get(capability),
        policy: owner.policy.get(capability),
        limits: { ...owner.limits },
        remainingMs,
        describing: running.context === DESCRIBING,
        log: (level, text, source) => owner.log(level, text, source),
        instance: {
          id: instance.id,
          onEnd: (run) => instance.onEnd(() => void settleEnd(owner, fn, run)),
        },
      };
      // A host function that throws at once is one that rejects.
      const result: unknown = await onBehalfOf(running.chain, async () => fn.call(values as never, context));
      return writeResult(fn, await unheld(fn, result, owner.limits.exchangeBytes, signal));
    });
    if (value instanceof Uint8Array && value.length > owner.limits.exchangeBytes) {
      throw overQuota(`the answer has ${value.length} bytes; \`exchangeBytes\` allows ${owner.limits.exchangeBytes}`);
    }
    return { ok: true, values: [value] };
  } catch (thrown) {
    running.hostFailure = thrown;
    return { ok: false, ...failureOf(owner, fn, thrown) };
  }
}

/** Nobody waits for what a host function does at the end of an instance, so what fails there goes to the log. */
async function settleEnd(owner: DispatchContext, fn: OfferedFunction, run: () => unknown): Promise<void> {
  try {
    await run();
  } catch (thrown) {
    owner.log('error', `host function \`${fn.name}\` failed at the end of an instance: ${messageOf(thrown)}`);
  }
}

/**
 * What the worker hears. Whatever a host function throws may hold paths or secrets of the page, so of that it hears
 * only that it failed; the caller gets the error itself as `cause`, and the log its message.
 */
function failureOf(owner: DispatchContext, fn: OfferedFunction, thrown: unknown): Omit<Failure, 'ok'> {
  if (thrown instanceof ClocheError && concerns(thrown, owner.plugin.id)) {
    return { error: { code: thrown.code, message: `\`${fn.name}\`: ${thrown.message}` }, told: thrown };
  }
  owner.log('error', `host function \`${fn.name}\` failed: ${messageOf(thrown)}`);
  const error = { code: 'HOST_FUNCTION_FAILED', message: `host function \`${fn.name}\` failed` } as const;
  return { error, told: undefined };
}

/** An error about another plugin, which the host function called, does not concern this one; a circle is of all in it. */
function concerns({ code, plugin }: ClocheError, id: string): boolean {
  return plugin === undefined || plugin === id || code === 'REENTRANT';
}

/** @throws {ClocheError} HOST_FUNCTION_FAILED when the guest passed what the declared shapes do not allow. */
function readArguments({ name, params }: OfferedFunction, args: readonly WireValue[]): unknown[] {
  if (args.length !== params.length) {
    throw new ClocheError(
      'HOST_FUNCTION_FAILED',
      `expected ${params.length} arguments of \`${name}\`, got ${args.length}`,
    );
  }
  return params.map((shape, i) => readArgument(shape, args[i] ?? null, `argument ${i + 1} of \`${name}\``));
}

/** Reading text and JSON blocks the page: 16 MiB of brackets took seconds. Large data travels as bytes. */
const MOST_TEXT_BYTES = 1 << 20;
const MOST_JSON_BYTES = 1 << 18;

function readArgument(shape: ValueShape, value: WireValue, what: string): unknown {
  switch (shape) {
    case 'i64':
      return expectType(value, 'bigint', what);
    case 'i32':
    case 'f32':
    case 'f64':
      return expectType(value, 'number', what);
  }
  if (typeof value === 'bigint') {
    throw new ClocheError('ARGUMENT_UNREADABLE', `${what} is ${value}, where no block of its memory starts`);
  }
  if (value !== null && !(value instanceof Uint8Array)) throw mistyped(shape, what);
  if (shape === 'bytes') return value ?? new Uint8Array();
  const most = shape === 'json' ? MOST_JSON_BYTES : MOST_TEXT_BYTES;
  if (value && value.length > most) {
    throw new ClocheError(
      'HOST_FUNCTION_FAILED',
      `${what} has ${value.length} bytes, and ${shape} may have ${most}: larger data travels as bytes`,
    );
  }
  const text = value === null ? '' : new TextDecoder().decode(value);
  if (shape === 'text') return text;
  if (value === null) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (thrown) {
    throw new ClocheError('HOST_FUNCTION_FAILED', `${what} is not JSON: ${messageOf(thrown)}`, { cause: thrown });
  }
}

function expectType(value: WireValue, type: 'bigint' | 'number', what: string): WireValue {
  if (typeof value !== type) throw mistyped(type, what);
  return value;
}

function mistyped(shape: string, what: string): ClocheError {
  return new ClocheError('HOST_FUNCTION_FAILED', `expected ${what} to be ${shape}`);
}

/** What a blob or a response holds, as the declared result; anything else as it is. */
async function unheld(fn: OfferedFunction, result: unknown, maxBytes: number, signal?: AbortSignal): Promise<unknown> {
  if (!holdsBytes(result)) return result;
  try {
    const bytes = await heldBytes(result, maxBytes, signal);
    if (fn.result !== 'text' && fn.result !== 'json') return bytes;
    const text = new TextDecoder().decode(bytes);
    return fn.result === 'json' ? (JSON.parse(text) as unknown) : text;
  } catch (cause) {
    if (cause instanceof ClocheError && cause.code === 'INPUT_TOO_LARGE') throw overQuota(cause.message);
    throw new TypeError(messageOf(cause), { cause });
  }
}

/** @throws {TypeError} when a host function returns something other than it declared: the app's mistake. */
function writeResult({ name, result }: OfferedFunction, value: unknown): WireValue {
  switch (result) {
    case null:
      return null;
    case 'json':
      return value === undefined ? null : encode(jsonOf(value));
    case 'bytes':
    case 'text':
      if (value === null || value === undefined) return null;
      if (result === 'text' && typeof value === 'string') return encode(value);
      if (result === 'bytes') {
        const bytes = copyOfBytes(value);
        if (bytes) return bytes;
      }
      break;
    case 'i64':
      if (isWithin(value, -(2n ** 63n), 2n ** 64n)) return BigInt(value);
      break;
    case 'i32':
      if (isWithin(value, -(2 ** 31), 2 ** 32)) return Number(value);
      break;
    case 'f32':
      // Rounded as an f32 is; but what is finite must not become infinite.
      if (typeof value === 'number' && Number.isFinite(value) === Number.isFinite(Math.fround(value))) return value;
      break;
    case 'f64':
      if (typeof value === 'number') return value;
  }
  const isNumber = typeof value === 'number' || typeof value === 'bigint';
  const got = isNumber ? String(value).slice(0, 40) : value === null ? 'null' : typeof value;
  throw new TypeError(`expected \`${name}\` to return ${result}, got ${got}`);
}

/** An integer, signed or not: a guest may read its bits either way. */
function isWithin(value: unknown, lowest: bigint | number, above: bigint | number): value is bigint | number {
  return (
    (typeof value === 'bigint' || Number.isSafeInteger(value)) &&
    (value as number) >= lowest &&
    (value as number) < above
  );
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function byteCount(values: readonly WireValue[]): number {
  return values.reduce<number>(
    (sum, value) => sum + (value instanceof Uint8Array ? value.length : value === null ? 0 : 8),
    0,
  );
}

function overQuota(message: string): ClocheError {
  return new ClocheError('QUOTA_EXCEEDED', message);
}

function failed(code: WireError['code'], message: string): HostAnswer {
  return { ok: false, error: { code, message } };
}
