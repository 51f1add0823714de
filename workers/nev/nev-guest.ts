// A guest of Nev: a core module with a memory of its own, whose functions have types, and which the host calls by its exports.

import { ClocheError, messageOf } from '../../src/errors.ts';
import type { Due } from '../../src/runtime/wire/abi/channel.ts';
import { trap } from '../../src/runtime/wire/abi/trap.ts';
import type { AbiFunction } from '../../src/runtime/wire/abi/types.ts';
import { fromWire, toWire, WrongValue } from '../../src/runtime/wire/abi/values.ts';
import type { GuestCall, GuestResult, MemoryUse, ModuleFacts, WireValue } from '../../src/runtime/wire/protocol.ts';
import { type LoadedModule, loadModules } from '../compile-modules.ts';
import { trapOf } from '../failures.ts';
import type { CompiledModules, Guest, GuestDeps } from '../guest.ts';
import type { WasiSystem } from '../wasi/preview1.ts';
import { checkImports } from './check-imports.ts';
import type { Raw } from './codec.ts';
import { EXPORTS, PACKED } from './exports.ts';
import { isFlatResult } from './layout.ts';
import { isOfPage, NevInstance } from './link.ts';
import type { Mark } from './memory.ts';

const STACK = ['mem_stack_alloc', 'mem_stack_save', 'mem_stack_restore'];
const NOTHING_USED: MemoryUse = { memoryBytes: 0, exchangeBytes: 0, varBytes: 0 };

export class NevGuest implements Guest {
  readonly #deps: GuestDeps;
  readonly #wasi: WasiSystem | undefined;
  #main: LoadedModule | undefined;
  #instance: NevInstance | undefined;
  #use = NOTHING_USED;

  constructor(deps: GuestDeps, wasi?: WasiSystem) {
    this.#deps = deps;
    this.#wasi = wasi;
  }

  get hasInstance(): boolean {
    return this.#instance !== undefined;
  }

  async load(cache: CompiledModules): Promise<readonly ModuleFacts[]> {
    const { request } = this.#deps;
    const [main, ...others] = await loadModules(request, cache);
    if (!main || others.length > 0) throw new ClocheError('MODULE_REJECTED', 'a plugin of Nev is one module');
    const provider = new NevInstance(this.#deps);
    checkImports(main, request, (namespace, name) => {
      const shape = request.functions.find((one) => one.namespace === namespace && one.name === name);
      return provider.local(namespace, name) ?? shape?.types;
    });
    this.#main = main;
    return main.facts ? [main.facts] : [];
  }

  async start(): Promise<void> {
    this.#instance = await this.#link();
    if (this.#wasi) await this.#settleWasi(this.#wasi);
  }

  async call(call: GuestCall): Promise<GuestResult> {
    const types = EXPORTS.get(call.export);
    if (!('args' in call) || !types) {
      const names = [...EXPORTS.keys()].join(', ');
      throw new ClocheError('EXPORT_INVALID', `\`${call.export}\` is not among what a host of Nev calls: ${names}`);
    }
    this.#instance ??= await this.#link();
    const instance = this.#instance;
    if (this.#wasi) await this.#wasi.enter();
    instance.growth.begin();
    let mark: Mark;
    try {
      mark = instance.memory.save();
      const values = await this.#run(instance, call.export, types, call.args);
      instance.memory.restore(mark);
      await this.#callDue(instance);
      return { values };
    } catch (thrown) {
      throw this.#failed(instance, thrown, mark);
    } finally {
      this.#use = this.use();
      this.#deps.logs.flush();
      if (this.#wasi) await this.#settleWasi(this.#wasi);
    }
  }

  use(): MemoryUse {
    const { memory, budget } = this.#instance ?? {};
    return memory && budget ? { memoryBytes: memory.byteLength, exchangeBytes: budget.held, varBytes: 0 } : this.#use;
  }

  /** An instance whose files are not what it takes them for is no good any more. */
  async #settleWasi(wasi: WasiSystem): Promise<void> {
    try {
      await wasi.settle();
    } catch (thrown) {
      this.#instance = undefined;
      throw thrown;
    }
  }

  async #link(): Promise<NevInstance> {
    await this.#wasi?.begin();
    const { request, hostCalls, logs } = this.#deps;
    const { module } = this.#main as LoadedModule;
    const instance = new NevInstance(this.#deps);
    instance.sharesWith(module);
    this.#assertCanWait(instance, module);
    await instance.instantiate(module, this.#wasi);
    const [name = ''] = request.guest.start;
    const missing = STACK.filter((one) => typeof instance.exports[one] !== 'function').map((one) => `\`${one}\``);
    if (missing.length > 0) {
      logs.write('warn', 'plugin', utf8(`exports no ${missing.join(', ')}, by which it is handed texts and lists`));
    }
    const init = instance.exports[name];
    if (typeof init !== 'function') {
      logs.write('warn', 'plugin', utf8(`exports no \`${name}\`, so nothing has initialised it`));
      return instance;
    }
    const mark = instance.memory.save();
    try {
      await hostCalls.enter(init)();
      instance.memory.restore(mark);
      await this.#callDue(instance);
    } catch (thrown) {
      const error = trapOf(asTrap(thrown), endingOf(instance, this.#deps));
      if (!(error instanceof ClocheError)) throw error;
      const { code, message, detail, wasmStack } = error;
      throw new ClocheError(code, `\`${name}\` failed: ${message}`, { detail, wasmStack });
    }
    return instance;
  }

  /** Said when it is installed, not when it first has to wait. @throws {ClocheError} HOST_CALLS_UNAVAILABLE */
  #assertCanWait(instance: NevInstance, module: WebAssembly.Module): void {
    const { wait, functions } = this.#deps.request;
    if (wait.way !== 'none') return;
    const waiting = WebAssembly.Module.imports(module).filter(isOfPage(instance, functions));
    if (waiting.length === 0) return;
    const names = waiting.slice(0, 5).map(({ name }) => `\`${name}\``);
    throw new ClocheError(
      'HOST_CALLS_UNAVAILABLE',
      `this engine cannot wait for ${names.join(', ')}: it has neither JSPI nor shared memory, and no service worker was set up`,
    );
  }

  async #run(
    instance: NevInstance,
    name: string,
    { params, result }: AbiFunction,
    args: readonly WireValue[],
  ): Promise<readonly WireValue[]> {
    const { codec } = instance;
    const run = instance.exports[name];
    if (typeof run !== 'function') throw new ClocheError('EXPORT_MISSING', `the plugin exports no \`${name}\``);
    if (args.length !== params.length) {
      throw new ClocheError('EXPORT_INVALID', `\`${name}\` takes ${params.length} arguments, got ${args.length}`);
    }
    const raw = params.flatMap((type, i) => codec.lower(type, codec.fromWire(type, args[i] ?? null)));
    const value = (await this.#deps.hostCalls.enter(run)(...raw)) as Raw | undefined;
    return result === undefined ? [] : [this.#result(instance, name, result, value)];
  }

  /** Copied at once: the guest uses the memory of it again. */
  #result(
    { codec, memory }: NevInstance,
    name: string,
    type: NonNullable<AbiFunction['result']>,
    value: Raw | undefined,
  ): WireValue {
    if (value === undefined) throw trap(`\`${name}\` gave nothing`);
    if (name === PACKED) {
      const packed = BigInt.asUintN(64, BigInt(value));
      return memory.read(Number(packed & 0xffff_ffffn), Number(packed >> 32n), `\`${name}\``);
    }
    if (isFlatResult(type)) return toWire(type, fromWire(type, value));
    return codec.loadToWire(type, Number(value) >>> 0);
  }

  /** Whoever waited for what has come. In the time of the call in which it came; what goes wrong is logged, and the rest goes on. */
  async #callDue(instance: NevInstance): Promise<void> {
    let isDone = false;
    while (!isDone) {
      isDone = true;
      for (const channel of instance.watched) {
        let isQuiet = true;
        for (const due of channel.due()) {
          isQuiet = false;
          isDone = false;
          const wantsMore = await this.#callBack(instance, due);
          if (!wantsMore) channel.unlisten();
        }
        // Nothing more comes: whoever waits there again has it watched again.
        if (isQuiet && (channel.isClosed || channel.isAbandoned)) instance.watched.delete(channel);
      }
    }
  }

  /** @returns whether it wants to hear more */
  async #callBack(instance: NevInstance, due: Due): Promise<boolean> {
    const isTask = 'task' in due;
    const name = isTask ? 'notify_task_complete' : 'handle_channel_update';
    const args = isTask ? [due.task, due.canceled ? 1 : 0] : [due.fun, due.data, due.closed ? 1 : 0];
    let mark: Mark;
    try {
      mark = instance.memory.save();
      const [answer] = await this.#run(instance, name, EXPORTS.get(name) as AbiFunction, args);
      instance.memory.restore(mark);
      return answer !== STOP;
    } catch (thrown) {
      const { message } = this.#failed(instance, thrown, mark);
      this.#deps.logs.write('error', 'plugin', utf8(`\`${name}\` failed: ${message}`));
      return true;
    }
  }

  /** What ends the call. By its contract the instance lives on, as long as its stack can be put right. */
  #failed(instance: NevInstance, thrown: unknown, mark: Mark): Error {
    const error = trapOf(asTrap(thrown), endingOf(instance, this.#deps));
    const keeps = this.#deps.request.guest.afterTrap === 'keep';
    try {
      instance.memory.restore(mark);
    } catch (broken) {
      this.#deps.logs.write(
        'warn',
        'plugin',
        utf8(`it is started anew, since its stack is lost: ${messageOf(broken)}`),
      );
      this.#instance = undefined;
    }
    if (!keeps) this.#instance = undefined;
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Of `channel-listen-response`. */
const STOP = 1;

/** A value that its type does not have is the guest's fault. */
function asTrap(thrown: unknown): unknown {
  return thrown instanceof WrongValue ? trap(thrown.message) : thrown;
}

function endingOf({ growth }: NevInstance, { request }: GuestDeps): Parameters<typeof trapOf>[1] {
  return { said: undefined, refusal: growth.refusal(request.limits), insteadOfThrowing: 'answer with an error' };
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
