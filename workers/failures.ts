// Turns whatever was thrown in or below a guest into an error that may leave the worker.

import { WASIProcExit } from '@bjorn3/browser_wasi_shim';
import { ClocheError, type ErrorCode, messageOf } from '../src/errors.ts';
import type { HostAnswer, MemoryUse, StartRequest, WireError, WireValue } from '../src/sandbox/protocol.ts';
import { PAGE_BYTES } from '../src/sandbox/wasm-page.ts';
import { cut } from './cut.ts';
import type { Kernel } from './kernel.ts';

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

interface Scene {
  readonly kernel: Kernel;
  /** Linear memory at the start of the instance. */
  readonly initialBytes: number;
  readonly use: MemoryUse;
  readonly request: StartRequest;
}

/**
 * What a guest lost by going on with a block that it was refused, which it must not: by then its output, or what it
 * wanted stored or sent, is not what it meant. Undefined where it lost nothing.
 */
export function lossOf(kernel: Kernel, exchangeBytes: number): ClocheError | undefined {
  const { lost, refusedBytes } = kernel;
  if (lost === undefined) return undefined;
  const [code, what] =
    lost === 'output'
      ? (['OUTPUT_TOO_LARGE', 'the output did not fit'] as const)
      : (['OUT_OF_MEMORY', 'what the plugin wanted to hand over did not fit, and was not used'] as const);
  return new ClocheError(
    code,
    `${what}: ${refusedBytes} bytes were refused, since input, output and what host calls carry share the ` +
      `${exchangeBytes} bytes of \`exchangeBytes\``,
  );
}

/** What ended a call that did not return. */
export function trapOf(thrown: unknown, scene: Scene): unknown {
  const { kernel, request } = scene;
  const loss = lossOf(kernel, request.exchangeBytes);
  if (loss) return loss;
  if (thrown instanceof WASIProcExit) return new GuestFailure(kernel.errorText(), thrown.code);
  if (thrown instanceof ClocheError || thrown instanceof HostCallFailure) return thrown;
  const text = kernel.errorText();
  const outOfMemory = kernel.refusedBytes > 0 || hasGrownToItsCap(scene);
  const words = text === undefined ? trapText(thrown) : `${trapText(thrown)} (the plugin said: ${text})`;
  return new ClocheError(outOfMemory ? 'OUT_OF_MEMORY' : trapCode(thrown), words, {
    detail: text ?? trapText(thrown),
    wasmStack: wasmStackOf(thrown),
  });
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

/** A guest whose allocator was refused traps at once, so its memory has grown and stands close to the cap. */
function hasGrownToItsCap({ initialBytes, use, request }: Scene): boolean {
  const { memoryPages, growthPages } = request.limits;
  const cap = Math.min(memoryPages * PAGE_BYTES, initialBytes + growthPages * PAGE_BYTES);
  return use.memoryBytes > initialBytes && use.memoryBytes >= cap - Math.min(cap / 16, 1 << 20);
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
