// Turns whatever was thrown in or below a guest into an error that may leave the worker.

import { WASIProcExit } from '@bjorn3/browser_wasi_shim';
import { ClocheError, type ErrorCode, messageOf } from '../src/errors.ts';
import type { HostAnswer, ModuleLimits, WireError, WireValue } from '../src/runtime/wire/protocol.ts';
import { cut } from './cut.ts';
import type { Kernel } from './extism/kernel.ts';
import type { RefusedGrowth } from './refused-growth.ts';

/** The guest said that it failed: `error_set`, a return code, or an exit code. */
export class GuestFailure extends Error {
  constructor(
    readonly text: string | undefined,
    readonly exitCode: number,
  ) {
    super(text ?? `Returned non-zero exit code: ${exitCode}`);
  }
}

/** A host call that the page answered with an error: it unwinds the guest and ends the call, not the worker. */
class HostCallFailure extends Error {
  constructor(readonly wire: WireError) {
    super(wire.message);
  }
}

/** @throws {HostCallFailure} when the answer is an error. */
export function valuesOf(answer: HostAnswer): readonly WireValue[] {
  if (answer.ok) return answer.values;
  throw new HostCallFailure(answer.error);
}

/** `proc_exit(0)` ends a call as a success. */
export function isCleanExit(thrown: unknown): boolean {
  return thrown instanceof WASIProcExit && thrown.code === 0;
}

/** Where something failed, and what it may have lacked there. */
export interface Scene {
  readonly kernel: Kernel;
  readonly growth: RefusedGrowth;
  readonly limits: ModuleLimits;
  readonly exchangeBytes: number;
}

/**
 * What a guest lost by going on with a block that it was refused, which it must not: by then its output, or what it
 * wanted stored or sent, is not what it meant. Undefined where it lost nothing.
 */
export function lossOf(scene: Scene): ClocheError | undefined {
  const { lost } = scene.kernel;
  if (lost === undefined) return undefined;
  const [code, what] =
    lost === 'output'
      ? (['OUTPUT_TOO_LARGE', 'the output did not fit'] as const)
      : (['OUT_OF_MEMORY', 'what the plugin wanted to hand over did not fit, and was not used'] as const);
  return new ClocheError(code, `${what}: ${exchangeShortage(scene)}`);
}

/** What ended a call that did not return. */
export function trapOf(thrown: unknown, scene: Scene): unknown {
  const shortage = shortageOf(thrown, scene);
  if (shortage) return shortage;
  const text = scene.kernel.errorText();
  if (thrown instanceof WASIProcExit) return new GuestFailure(text, thrown.code);
  if (thrown instanceof ClocheError || thrown instanceof HostCallFailure) return thrown;
  return new ClocheError(trapCode(thrown), wordsOf(thrown, text), {
    detail: text ?? trapText(thrown),
    wasmStack: wasmStackOf(thrown),
  });
}

/**
 * What a guest that ended too soon ended for, where that was memory: it went on with what it was refused; or it gave up,
 * by a trap or an exit with a code, after the last it had asked for was refused. Whether it gave up for that nobody can
 * know, so its own words stay.
 */
export function shortageOf(thrown: unknown, scene: Scene): ClocheError | undefined {
  const loss = lossOf(scene);
  if (loss) return loss;
  const { kernel, growth } = scene;
  const isExit = thrown instanceof WASIProcExit;
  const gaveUp = isExit ? thrown.code !== 0 : thrown instanceof WebAssembly.RuntimeError && !isSuspendError(thrown);
  const why = growth.refusal(scene.limits) ?? (kernel.refusedBytes > 0 ? exchangeShortage(scene) : undefined);
  if (!gaveUp || why === undefined) return undefined;
  const text = kernel.errorText();
  const words = isExit ? `exited with code ${thrown.code}` : wordsOf(thrown, text);
  return new ClocheError('OUT_OF_MEMORY', `${words}, after ${why}`, {
    detail: text ?? words,
    wasmStack: wasmStackOf(thrown),
    ...(isExit && { exitCode: thrown.code }),
  });
}

function exchangeShortage({ kernel, exchangeBytes }: Scene): string {
  return (
    `${kernel.refusedBytes} bytes were refused, since input, output and what host calls carry share the ` +
    `${exchangeBytes} bytes of \`exchangeBytes\``
  );
}

function wordsOf(thrown: unknown, text: string | undefined): string {
  return text === undefined ? trapText(thrown) : `${trapText(thrown)} (the plugin said: ${text})`;
}

/** The wire form of anything thrown; `fallback` where nothing better is known. */
export function failureOf(thrown: unknown, fallback: ErrorCode): WireError {
  if (thrown instanceof HostCallFailure) return thrown.wire;
  if (thrown instanceof GuestFailure) {
    return {
      code: 'PLUGIN_ERROR',
      message: thrown.message,
      exitCode: thrown.exitCode,
      ...(thrown.text !== undefined && { detail: thrown.text }),
    };
  }
  if (thrown instanceof ClocheError) {
    return {
      code: thrown.code,
      message: thrown.message,
      ...(thrown.exitCode !== undefined && { exitCode: thrown.exitCode }),
      ...(thrown.detail !== undefined && { detail: thrown.detail }),
      ...(thrown.wasmStack && { wasmStack: thrown.wasmStack }),
    };
  }
  if (thrown instanceof WASIProcExit) {
    return { code: fallback, message: `exited with code ${thrown.code}`, exitCode: thrown.code };
  }
  if (isForbidden(thrown)) {
    const message = `the content security policy of the page forbids WebAssembly. Add to it: script-src 'wasm-unsafe-eval'`;
    return { code: 'CSP_BLOCKED', message, detail: messageOf(thrown) };
  }
  const code = thrown instanceof WebAssembly.RuntimeError ? trapCode(thrown) : fallback;
  return { code: code === 'TRAP' ? fallback : code, message: trapText(thrown), wasmStack: wasmStackOf(thrown) };
}

/** Chromium and WebKit name the directive, Firefox says "call to WebAssembly.compile() blocked by CSP". */
export function isForbidden(thrown: unknown): boolean {
  return thrown instanceof WebAssembly.CompileError && /unsafe-eval|blocked by CSP/.test(thrown.message);
}

function trapCode(thrown: unknown): ErrorCode {
  // Suspending outside `promising`: while the engine itself runs the module's start function.
  return isSuspendError(thrown) ? 'HOST_CALLS_UNAVAILABLE' : 'TRAP';
}

function trapText(thrown: unknown): string {
  if (isSuspendError(thrown))
    return 'a host function that must wait was called where the engine cannot suspend the guest';
  if (isStackOverflow(thrown)) return 'call stack exhausted';
  if (isUncaught(thrown))
    return 'the plugin threw an exception and did not catch it, as a C++ `throw` does: catch it there and use `error_set`';
  return messageOf(thrown);
}

function isSuspendError(thrown: unknown): boolean {
  const { SuspendError } = WebAssembly as unknown as { SuspendError?: new () => Error };
  return SuspendError !== undefined && thrown instanceof SuspendError;
}

/** An exception of the guest's own; no engine makes it an Error, or has words for it. */
function isUncaught(thrown: unknown): boolean {
  const { Exception } = WebAssembly as unknown as { Exception?: new () => object };
  return Exception !== undefined && thrown instanceof Exception;
}

/** Chromium and WebKit throw a RangeError, Firefox an InternalError. */
export function isStackOverflow(thrown: unknown): boolean {
  return thrown instanceof Error && /call stack|too much recursion/i.test(thrown.message);
}

const FRAME = /wasm-function\[([^\]]*)\](?::0x([0-9a-f]+))?/i;
const FRAME_NAME = /^\s*(?:at\s+)?([^\s@(]+)(?:\s*\(|@)/;
/** The one function of wasm that is ours and no import: `host-calls/entry.wat`. */
const ENTRY = 'cloche.entry';
const MOST_FRAMES = 50;

/** The guest's frames, innermost first; frames of our own glue are left out. */
function wasmStackOf(thrown: unknown): readonly string[] {
  if (!(thrown instanceof Error) || !thrown.stack) return [];
  const frames: string[] = [];
  for (const line of thrown.stack.split('\n')) {
    const frame = FRAME.exec(line);
    const name = FRAME_NAME.exec(line)?.[1];
    if (!frame || name === ENTRY || frames.length === MOST_FRAMES) continue;
    const place = frame[2] ? ` at 0x${frame[2]}` : '';
    frames.push(`${name && !FRAME.test(name) ? `${cut(name)} ` : ''}(function ${frame[1]}${place})`);
  }
  return frames;
}
