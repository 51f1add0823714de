// Takes from the worker's global scope whatever the glue does not need. In a cell and a compartment this is the second wall,
// behind an opaque origin and a content security policy; in a worker of the page's own origin it is the first.

/** What is set aside before the global scope is emptied. */
export interface Kept {
  /** Runs something when what has reached the worker by then was heard. */
  later(run: () => void): void;
  readonly XMLHttpRequest: typeof XMLHttpRequest | undefined;
}

/** Beyond the language itself. Everything else that hangs on the global scope goes. */
const NEEDED: ReadonlySet<string> = new Set([
  'WebAssembly',
  'TextEncoder',
  'TextDecoder',
  'performance',
  'crypto',
  'console',
  // Linkers ask whether what it was given is one of these.
  'Response',
  'URL',
  'self',
]);

/** https://tc39.es/ecma262/#sec-global-object; what an engine adds later is not on the list and goes. */
const LANGUAGE: ReadonlySet<string> = new Set(
  (
    'globalThis Infinity NaN undefined isFinite isNaN parseFloat parseInt decodeURI decodeURIComponent encodeURI ' +
    'encodeURIComponent AggregateError Array ArrayBuffer BigInt BigInt64Array BigUint64Array Boolean DataView Date Error ' +
    'EvalError FinalizationRegistry Float16Array Float32Array Float64Array Function Int8Array Int16Array Int32Array Iterator ' +
    'Map Number Object Promise Proxy RangeError ReferenceError RegExp Set SharedArrayBuffer String Symbol SyntaxError ' +
    'TypeError Uint8Array Uint8ClampedArray Uint16Array Uint32Array URIError WeakMap WeakRef WeakSet Atomics JSON Math ' +
    'Reflect Intl InternalError'
  ).split(' '),
);

/** @returns what was set aside for the glue. */
export function lockDown(scope: object): Kept {
  const kept: Kept = { later: taskQueue(), XMLHttpRequest: globalThis.XMLHttpRequest };
  // Ports inherit from EventTarget and need what it has.
  const end = EventTarget.prototype;
  for (let object: object = scope; object !== end && object !== null; object = Object.getPrototypeOf(object)) {
    for (const name of Reflect.ownKeys(object)) {
      if (typeof name === 'string' && !NEEDED.has(name) && !LANGUAGE.has(name) && name !== 'constructor')
        remove(object, name);
    }
  }
  return kept;
}

/** A task each: messages that came before are heard before. */
function taskQueue(): Kept['later'] {
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  return (run) => {
    waiting.push(run);
    port2.postMessage(0);
  };
}

function remove(object: object, name: string): void {
  if (Reflect.deleteProperty(object, name)) return;
  // What cannot be deleted may still be written over; what is neither is a constant of the language.
  Reflect.defineProperty(object, name, { value: undefined, configurable: false, writable: false });
}
