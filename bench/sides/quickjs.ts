// QuickJS in the page: an interpreter of JavaScript in WebAssembly, which calls host functions without any message, and
// keeps the page waiting for as long as the guest runs.

import variant from '@jitl/quickjs-singlefile-browser-release-sync';
import {
  newQuickJSWASMModuleFromVariant,
  type QuickJSContext,
  type QuickJSHandle,
  type QuickJSWASMModule,
  shouldInterruptAfterDeadline,
} from 'quickjs-emscripten-core';

type HostFunction = (vm: QuickJSContext, ...args: QuickJSHandle[]) => QuickJSHandle;

/** Takes an answer out of the guest. */
type Reader<T> = (vm: QuickJSContext, answer: QuickJSHandle) => T;

export const asNumber: Reader<number> = (vm, answer) => vm.getNumber(answer);
export const asText: Reader<string> = (vm, answer) => vm.getString(answer);
export const asBigInt: Reader<bigint> = (vm, answer) => vm.getBigInt(answer);

export interface QuickJS {
  readonly vm: QuickJSContext;
  /** What a function of the guest answers, read by `read`. @throws {Error} what the guest throws, or that it was stopped */
  call<T>(name: string, read: Reader<T>, ...args: readonly QuickJSHandle[]): T;
  close(): void;
}

const TIMEOUT_MS = 5_000;
const MEMORY_BYTES = 64 << 20;

let loading: Promise<QuickJSWASMModule> | undefined;

/** One module for all guests of the page, as the package has it. */
export function quickJS(): Promise<QuickJSWASMModule> {
  loading ??= newQuickJSModule();
  return loading;
}

export function newQuickJSModule(): Promise<QuickJSWASMModule> {
  return newQuickJSWASMModuleFromVariant(variant);
}

/** A guest with a runtime of its own, the same limits as Cloche's plugins, and these host functions. */
export function openGuest(
  module: QuickJSWASMModule,
  source: string,
  functions: Readonly<Record<string, HostFunction>> = {},
  timeoutMs = TIMEOUT_MS,
): QuickJS {
  const runtime = module.newRuntime();
  runtime.setMemoryLimit(MEMORY_BYTES);
  const vm = runtime.newContext();
  for (const [name, run] of Object.entries(functions)) {
    vm.newFunction(name, (...args) => run(vm, ...args)).consume((handle) => vm.setProp(vm.global, name, handle));
  }
  vm.unwrapResult(vm.evalCode(source)).dispose();
  return {
    vm,
    call(name, read, ...args) {
      runtime.setInterruptHandler(shouldInterruptAfterDeadline(Date.now() + timeoutMs));
      const result = vm.getProp(vm.global, name).consume((called) => vm.callFunction(called, vm.undefined, ...args));
      // Past the deadline it would interrupt the reading of the error too, which then keeps the runtime from ending.
      runtime.removeInterruptHandler();
      return vm.unwrapResult(result).consume((answer) => read(vm, answer));
    },
    close() {
      vm.dispose();
      runtime.dispose();
    },
  };
}
