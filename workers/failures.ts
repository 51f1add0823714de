// Turns whatever was thrown in or below a guest into an error that may leave the worker.

import { ClocheError, type ErrorCode, messageOf } from '../src/errors.ts';
import type { HostAnswer, WireError, WireValue } from '../src/runtime/wire/protocol.ts';
import { cut } from './cut.ts';
import { ProcExit } from './wasi/exit.ts';

/** The guest said that it failed: in words, by a return code, or by an exit code. */
export class GuestFailure extends Error {
  constructor(
    readonly text: string | undefined,
    readonly exitCode: number,
  ) {
    super(text ?? (exitCode === 0 ? 'Exited before it gave an answer' : `Returned non-zero exit code: ${exitCode}`));
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
  return thrown instanceof ProcExit && thrown.code === 0;
}

/** What is known of a guest that did not return. */
export interface Ending {
  /** What it had said before; undefined where its ABI has no place for that. */
  readonly said: string | undefined;
  /** The last that it had asked for, where it was refused: "… bytes were refused, since …". */
  readonly refusal: string | undefined;
  /** What its ABI has in place of an exception that nobody catches: "use …". */
  readonly insteadOfThrowing?: string;
}

/** What ended a call that did not return. */
export function trapOf(thrown: unknown, ending: Ending): unknown {
  const shortage = shortageOf(thrown, ending);
  if (shortage) return shortage;
  if (thrown instanceof ProcExit) return new GuestFailure(ending.said, thrown.code);
  if (thrown instanceof ClocheError || thrown instanceof HostCallFailure) return thrown;
  return new ClocheError(trapCode(thrown), wordsOf(thrown, ending), {
    detail: ending.said ?? trapText(thrown, ending),
    wasmStack: wasmStackOf(thrown),
  });
}

/**
 * A guest that gave up, by a trap or an exit with a code, after the last it had asked for was refused. Whether it gave up
 * for that nobody can know, so its own words stay.
 */
export function shortageOf(thrown: unknown, ending: Ending): ClocheError | undefined {
  const { said, refusal } = ending;
  const isExit = thrown instanceof ProcExit;
  const gaveUp = isExit ? thrown.code !== 0 : thrown instanceof WebAssembly.RuntimeError && !isSuspendError(thrown);
  if (!gaveUp || refusal === undefined) return undefined;
  const words = isExit ? `exited with code ${thrown.code}` : wordsOf(thrown, ending);
  return new ClocheError('OUT_OF_MEMORY', `${words}, after ${refusal}`, {
    detail: said ?? words,
    wasmStack: wasmStackOf(thrown),
    ...(isExit && { exitCode: thrown.code }),
  });
}

function wordsOf(thrown: unknown, ending: Ending): string {
  const text = trapText(thrown, ending);
  return ending.said === undefined ? text : `${text} (the plugin said: ${ending.said})`;
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
  if (thrown instanceof ProcExit) {
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

function trapText(thrown: unknown, { insteadOfThrowing = 'answer with an error' }: Partial<Ending> = {}): string {
  if (isSuspendError(thrown))
    return 'a host function that must wait was called where the engine cannot suspend the guest';
  if (isStackOverflow(thrown)) return 'call stack exhausted';
  if (isUncaught(thrown))
    return `the plugin threw an exception and did not catch it, as a C++ \`throw\` does: catch it there and ${insteadOfThrowing}`;
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
