// One plugin in its worker: loads its modules, links them with the kernel, and runs its exports.

import { ClocheError } from '../../src/errors.ts';
import type { MemoryUse, ModuleFacts, StartRequest } from '../../src/runtime/wire/protocol.ts';
import { type LoadedModule, loadModules } from '../compile-modules.ts';
import { GuestFailure, isCleanExit, lossOf, type Scene, trapOf } from '../failures.ts';
import type { HostCalls } from '../host-calls/host-calls.ts';
import type { LogLines } from '../log-lines.ts';
import type { ModuleCache } from '../module-cache.ts';
import { checkImports, importsOf } from './check-imports.ts';
import { HttpState } from './http-state.ts';
import { type Linked, link } from './link.ts';
import { hiddenName } from './start-functions.ts';
import { Vars } from './vars.ts';

export class Engine {
  readonly #request: StartRequest;
  readonly #hostCalls: HostCalls;
  readonly #logs: LogLines;
  #vars: Vars;
  #http = new HttpState();
  #modules: readonly LoadedModule[] = [];
  /** Undefined before the start, and after anything that leaves an instance unfit for another call. */
  #linked: Linked | undefined;
  #use: MemoryUse = { memoryBytes: 0, exchangeBytes: 0, varBytes: 0 };

  constructor(request: StartRequest, hostCalls: HostCalls, logs: LogLines) {
    this.#request = request;
    this.#hostCalls = hostCalls;
    this.#logs = logs;
    this.#vars = new Vars(request.varBytes);
  }

  /** Reads, limits and compiles the modules; nothing of the guest runs. */
  async load(cache: Pick<ModuleCache, 'cached' | 'give'>): Promise<readonly ModuleFacts[]> {
    this.#modules = await loadModules(this.#request, cache);
    checkImports(this.#modules, this.#request.functions);
    return this.#modules.flatMap((module) => module.facts ?? []);
  }

  /** Instantiates and initialises, so that the first call finds a warm plugin. */
  async start(): Promise<void> {
    this.#linked = await this.#link();
  }

  /**
   * Runs one export.
   * @returns a copy of the output; empty when the guest set none.
   */
  async call(name: string, input: Uint8Array): Promise<Uint8Array> {
    this.#linked ??= await this.#link();
    const { kernel, main, growth } = this.#linked;
    const { limits, exchangeBytes } = this.#request;
    const scene: Scene = { kernel, growth, limits, exchangeBytes };
    kernel.begin(input);
    growth.begin();
    let fit = false;
    try {
      const code = await this.#run(main, name);
      fit = true;
      return outcomeOf(scene, code);
    } catch (thrown) {
      if (fit) throw thrown;
      if (isCleanExit(thrown)) return outcomeOf(scene, 0);
      throw trapOf(thrown, scene);
    } finally {
      kernel.end();
      this.#use = this.use();
      // After a trap the guest's stack pointer stands where it fell.
      if (!fit) this.#linked = undefined;
      if (name === '_start' || this.#request.instance === 'per-call') this.#forget();
      this.#logs.flush();
    }
  }

  /** At the end of the last call where its instance is gone. */
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

  #link(): Promise<Linked> {
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
      logLevel: this.#request.logLevel,
      reactorsFirst: this.#request.reactorsFirst ?? false,
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
