// A guest built with one of Extism's PDKs: its modules are linked with the kernel, and its exports take and give bytes.

import { ClocheError } from '../../src/errors.ts';
import type { GuestCall, GuestResult, MemoryUse, ModuleFacts, StartRequest } from '../../src/runtime/wire/protocol.ts';
import { type LoadedModule, loadModules } from '../compile-modules.ts';
import { GuestFailure, isCleanExit, trapOf } from '../failures.ts';
import type { CompiledModules, Guest, GuestDeps } from '../guest.ts';
import type { HostCalls } from '../host-calls/host-calls.ts';
import type { LogLines } from '../log-lines.ts';
import type { WasiSystem } from '../wasi/preview1.ts';
import { checkImports, importsOf } from './check-imports.ts';
import { HttpState } from './http-state.ts';
import type { KernelMemory } from './kernel/kernel-memory.ts';
import { type Linked, link } from './link.ts';
import { endingOf, lossOf, type Scene } from './losses.ts';
import { HIDDEN, hiddenName } from './start-functions.ts';
import { Vars } from './vars.ts';

export class ExtismGuest implements Guest {
  readonly #request: StartRequest;
  readonly #hostCalls: HostCalls;
  readonly #logs: LogLines;
  readonly #kernelMemory: KernelMemory;
  readonly #wasi: WasiSystem | undefined;
  #vars: Vars;
  #http = new HttpState();
  #modules: readonly LoadedModule[] = [];
  /** Undefined before the start, and after anything that leaves an instance unfit for another call. */
  #linked: Linked | undefined;
  #use: MemoryUse = { memoryBytes: 0, exchangeBytes: 0, varBytes: 0 };

  /** @param kernelMemory of nobody else from now on */
  constructor({ request, hostCalls, logs }: GuestDeps, kernelMemory: KernelMemory, wasi?: WasiSystem) {
    this.#wasi = wasi;
    this.#kernelMemory = kernelMemory;
    this.#request = request;
    this.#hostCalls = hostCalls;
    this.#logs = logs;
    this.#vars = new Vars(request.varBytes);
  }

  get hasInstance(): boolean {
    return this.#linked !== undefined;
  }

  async load(cache: CompiledModules): Promise<readonly ModuleFacts[]> {
    this.#modules = await loadModules(this.#request, cache, HIDDEN);
    checkImports(this.#modules, this.#request);
    return this.#modules.flatMap((module) => module.facts ?? []);
  }

  async start(): Promise<void> {
    this.#linked = await this.#link();
    await this.#settleWasi();
  }

  async call(call: GuestCall): Promise<GuestResult> {
    if (!('input' in call)) {
      throw new ClocheError('EXPORT_INVALID', `export \`${call.export}\` takes an input, and no arguments`);
    }
    this.#linked ??= await this.#link();
    await this.#wasi?.enter();
    const { kernel, main, growth } = this.#linked;
    const { limits, exchangeBytes, guest } = this.#request;
    const scene: Scene = { kernel, growth, limits, exchangeBytes };
    kernel.begin(call.input);
    growth.begin();
    let fit = false;
    try {
      const code = await this.#run(main, call.export);
      fit = true;
      return { output: outcomeOf(scene, code) };
    } catch (thrown) {
      if (fit) throw thrown;
      if (isCleanExit(thrown)) return { output: outcomeOf(scene, 0) };
      throw lossOf(scene) ?? trapOf(thrown, endingOf(scene));
    } finally {
      kernel.end();
      this.#use = this.use();
      // After a trap the guest's stack pointer stands where it fell.
      if (!fit && guest.afterTrap === 'discard') this.#linked = undefined;
      if (call.export === '_start' || guest.instance === 'per-call') this.#forget();
      this.#logs.flush();
      await this.#settleWasi();
    }
  }

  use(): MemoryUse {
    if (!this.#linked) return this.#use;
    return {
      memoryBytes: this.#linked.memoryBytes(),
      exchangeBytes: this.#linked.kernel.peak,
      varBytes: this.#vars.size,
    };
  }

  /** A command has run to its end: as natively, nothing of it is left, its vars included. */
  #forget(): void {
    this.#linked = undefined;
    this.#vars = new Vars(this.#request.varBytes);
    this.#http = new HttpState();
  }

  async #run(main: WebAssembly.Instance, name: string): Promise<number> {
    const run = main.exports[hiddenName(name)] ?? main.exports[name];
    if (typeof run !== 'function') {
      throw new ClocheError('EXPORT_MISSING', `export \`${name}\` is not a function of the module`);
    }
    const code: unknown = await this.#hostCalls.enter(run)();
    return typeof code === 'number' ? code : 0;
  }

  /** An instance whose files are not what it takes them for is no good any more. */
  async #settleWasi(): Promise<void> {
    try {
      await this.#wasi?.settle();
    } catch (thrown) {
      this.#linked = undefined;
      throw thrown;
    }
  }

  async #link(): Promise<Linked> {
    await this.#wasi?.begin();
    return link(this.#modules, {
      hostCalls: this.#hostCalls,
      logs: this.#logs,
      vars: this.#vars,
      http: this.#http,
      config: new Map(this.#request.config),
      functions: this.#request.functions,
      imports: importsOf(this.#modules),
      limits: this.#request.limits,
      exchangeBytes: this.#request.exchangeBytes,
      kernelMemory: this.#kernelMemory,
      logLevel: this.#request.logLevel,
      clock: this.#request.clock,
      wasi: this.#wasi,
      start: this.#request.guest.start,
    });
  }
}

/**
 * What a call that came to its end amounts to: the words of `error_set` win over any code.
 * @throws {ClocheError} where the guest lost something that it took for done.
 * @throws {GuestFailure}
 */
function outcomeOf(scene: Scene, code: number): Uint8Array {
  const loss = lossOf(scene);
  if (loss) throw loss;
  const error = scene.kernel.errorText();
  if (error !== undefined || code !== 0) throw new GuestFailure(error, code);
  return scene.kernel.output();
}
