// A component in its worker: core modules that the glue links, and exports with typed arguments and results.

import { ClocheError } from '../../src/errors.ts';
import { HTTP_FUNCTION, HTTP_NAMESPACE } from '../../src/runtime/wire/component/http.ts';
import { decodeValues, encodeValues } from '../../src/runtime/wire/component/values.ts';
import { factsText } from '../../src/runtime/wire/module-facts.ts';
import type { GuestCall, GuestResult, MemoryUse, ModuleFacts } from '../../src/runtime/wire/protocol.ts';
import { OtherFacts } from '../compile-modules.ts';
import { withRoom } from '../engine-full.ts';
import { GuestFailure, trapOf } from '../failures.ts';
import type { Guest, GuestDeps } from '../guest.ts';
import { RefusedGrowth } from '../refused-growth.ts';
import { Clock } from '../wasi/clock.ts';
import { PluginFiles } from '../wasi/full/plugin-files.ts';
import { factsOf } from './component-facts.ts';
import { runnerOf } from './exported.ts';
import { type Exports, glue } from './glue.ts';
import type { AskPage } from './host-imports.ts';
import { checkImports, importObject } from './imports.ts';
import type { LiftBudget } from './lift-budget.ts';
import { type LoadedComponent, loadComponent } from './load-component.ts';
import { PageCalls } from './page-calls.ts';
import { Handles } from './values/handles.ts';
import { inputValues, outputOf } from './values/input-output.ts';
import { Values } from './values/values.ts';
import type { HttpDeps } from './wasi/http/outgoing-http.ts';
import { Waiter } from './wasi/pollable.ts';
import { type Interfaces, preview2 } from './wasi/preview2.ts';
import type { WitFunction, World } from './world/wit-types.ts';

interface Instance {
  readonly exports: Exports;
  readonly values: Values;
  readonly memories: readonly WebAssembly.Memory[];
  readonly growth: RefusedGrowth;
}

/** Real ones have some ten; see also `MOST_CORE_INSTANCES` where a component is read. */
const MOST_INSTANCES = 200;

export class ComponentGuest implements Guest {
  readonly #deps: GuestDeps;
  readonly #page: PageCalls;
  readonly #budget: LiftBudget;
  readonly #sleep: (ms: number) => Promise<void>;
  readonly #known: Map<string, LoadedComponent>;
  #loaded: LoadedComponent | undefined;
  #files: PluginFiles | undefined;
  #instance: Instance | undefined;
  #use: MemoryUse = { memoryBytes: 0, exchangeBytes: 0, varBytes: 0 };

  /** @param known of this worker, by the key of the module: one that was looked at comes without its bytes when it is started */
  constructor(
    deps: GuestDeps,
    known: Map<string, LoadedComponent>,
    budget: LiftBudget,
    sleep: (ms: number) => Promise<void>,
  ) {
    this.#deps = deps;
    this.#page = new PageCalls(deps, () => this.#files);
    this.#known = known;
    this.#budget = budget;
    this.#sleep = sleep;
  }

  get hasInstance(): boolean {
    return this.#instance !== undefined;
  }

  async load(): Promise<readonly ModuleFacts[]> {
    const { request } = this.#deps;
    const [module] = request.modules;
    const loaded =
      module && (this.#known.get(module.key) ?? (module.bytes && (await loadComponent(request, module.bytes))));
    if (!loaded) throw new ClocheError('START_FAILED', 'the component came without its bytes');
    this.#known.set(module.key, loaded);
    this.#loaded = loaded;
    this.#files ??= this.#newFiles(loaded.world);
    checkImports(loaded.world, request.functions, this.#wasi(false));
    const facts = [factsOf(module.name, loaded.world)];
    if (request.assumed !== null && factsText(facts) !== request.assumed) throw new OtherFacts(facts);
    return facts;
  }

  async start(): Promise<void> {
    // The first call finds out what is to run, and with which imports.
  }

  async call(call: GuestCall): Promise<GuestResult> {
    const { fn, place } = this.#exportOf(call.export);
    const isApart = this.#deps.request.guest.apart?.includes(call.export) ?? false;
    const instance = isApart ? await this.#instantiate(true) : await this.#entered();
    const given = 'args' in call ? decodeValues(call.args) : inputValues(fn, call.input);
    const args = this.#lowered(fn, given, instance.values);
    let fit = false;
    instance.growth.begin();
    try {
      const result = await this.#run(instance, place, fn, args);
      fit = true;
      return 'args' in call ? { values: encodeValues([result]) } : { output: outputOf(fn, result, this.#world) };
    } catch (thrown) {
      if (fit || thrown instanceof GuestFailure) {
        fit = true;
        throw thrown;
      }
      throw trapOf(thrown, { said: undefined, refusal: instance.growth.refusal(this.#deps.request.limits) });
    } finally {
      this.#use = { memoryBytes: memoryBytes(instance), exchangeBytes: 0, varBytes: 0 };
      if (!isApart && (!fit || this.#deps.request.guest.instance === 'per-call')) this.#instance = undefined;
      this.#deps.logs.flush();
      // What the guest has asked for and not waited for is done all the same.
      await this.#page.answered;
      if (!isApart) await this.#settleFiles();
    }
  }

  async #entered(): Promise<Instance> {
    if (this.#instance) {
      await this.#files?.enter();
      return this.#instance;
    }
    await this.#files?.begin();
    this.#instance = await this.#instantiate(false);
    return this.#instance;
  }

  /** An instance whose files are not what it takes them for is no good any more. */
  async #settleFiles(): Promise<void> {
    try {
      await this.#files?.settle();
    } catch (thrown) {
      this.#instance = undefined;
      throw thrown;
    }
  }

  /** It works on a copy of them: so none of their functions has to wait. */
  #newFiles({ imports }: World): PluginFiles | undefined {
    const { guest, wasi } = this.#deps.request;
    const asks = imports.some(({ name }) => name.startsWith('wasi:filesystem/'));
    return asks && guest.program && wasi === 'full' ? new PluginFiles(this.#deps, guest.program, true) : undefined;
  }

  use(): MemoryUse {
    return this.#instance ? { ...this.#use, memoryBytes: memoryBytes(this.#instance) } : this.#use;
  }

  get #component(): LoadedComponent {
    if (!this.#loaded) throw new ClocheError('START_FAILED', 'called before it was loaded');
    return this.#loaded;
  }

  get #world(): World {
    return this.#component.world;
  }

  #exportOf(name: string): { fn: WitFunction; place: string } {
    const at = name.lastIndexOf('#');
    const [place, wanted] = at < 0 ? ['', name] : [name.slice(0, at), name.slice(at + 1)];
    const found = this.#world.exports.find((one) => one.name === place)?.functions.find((fn) => fn.name === wanted);
    if (!found) throw new ClocheError('EXPORT_MISSING', `export \`${name}\` is not a function of the component`);
    return { fn: found, place };
  }

  #lowered({ params, name }: WitFunction, given: readonly unknown[], values: Values): unknown[] {
    if (given.length !== params.length) {
      const message = `\`${name}\`: expected ${params.length} argument(s), got ${given.length}`;
      throw new ClocheError('EXPORT_INVALID', message);
    }
    return params.map(([param, type], index) => values.lower(type, given[index], `\`${param}\` of \`${name}\``));
  }

  /** The glue throws the error of a result: for an app that is a value. */
  async #run(
    { exports, values }: Instance,
    place: string,
    fn: WitFunction,
    args: readonly unknown[],
  ): Promise<unknown> {
    const run = runnerOf(place === '' ? exports : exports[place], fn.name);
    if (!run) throw new ClocheError('EXPORT_MISSING', `export \`${fn.name}\` is not there`);
    const { types } = this.#world;
    const type = typeof fn.result === 'number' ? types[fn.result] : undefined;
    this.#budget.begin();
    try {
      const value: unknown = await run(...args);
      if (type?.kind === 'result')
        return type.ok === null ? { tag: 'ok' } : { tag: 'ok', val: values.lift(type.ok, value) };
      return fn.result === null ? undefined : values.lift(fn.result, value);
    } catch (thrown) {
      if (type?.kind !== 'result' || !isErrorOfResult(thrown)) throw thrown;
      return type.err === null ? { tag: 'err' } : { tag: 'err', val: values.lift(type.err, thrown.payload) };
    }
  }

  /** @param isRefused whether nothing that it imports does anything */
  async #instantiate(isRefused: boolean): Promise<Instance> {
    const { request } = this.#deps;
    const world = this.#world;
    const values = new Values(world.types, new Handles());
    const instances = new Map<WebAssembly.Module, WebAssembly.Instance>();
    const memories: WebAssembly.Memory[] = [];
    let count = 0;
    this.#budget.begin(request.exchangeBytes * 2);
    const imports = importObject({
      world,
      functions: request.functions,
      wasi: this.#wasi(isRefused),
      values,
      ask: isRefused ? refuse : this.#page.ask,
      crossing: () => this.#budget.begin(),
    });
    const made = await glue()(
      (name) => this.#moduleOf(name),
      imports,
      async (module, given) => {
        count += 1;
        if (count > MOST_INSTANCES)
          throw new ClocheError('MODULE_REJECTED', `more than ${MOST_INSTANCES} core instances`);
        const instance = await withRoom(() => WebAssembly.instantiate(module, given));
        instances.set(module, instance);
        for (const item of Object.values(instance.exports)) {
          if (item instanceof WebAssembly.Memory && !memories.includes(item)) memories.push(item);
        }
        return instance;
      },
    );
    return { exports: made, values, memories, growth: new RefusedGrowth(instances) };
  }

  #moduleOf(name: string): WebAssembly.Module {
    const found = this.#component.modules.get(name);
    if (found) return found.module;
    throw new ClocheError('START_FAILED', `the glue wants a module \`${name}\` that is not there`);
  }

  #wasi(isRefused: boolean): Interfaces {
    const { request, logs } = this.#deps;
    const clock = new Clock(isRefused ? 'none' : request.clock);
    const waiter = new Waiter(clock, request.wait.way === 'jspi' ? this.#sleep : undefined);
    const crossing = (): void => this.#budget.begin();
    const mode = isRefused ? 'none' : request.wasi;
    return preview2({
      mode,
      clock,
      waiter,
      crossing,
      output: (source, bytes) => {
        if (mode !== 'none') logs.stream(source, bytes);
      },
      files: isRefused ? undefined : this.#files?.calls(clock),
      http: mode === 'full' ? this.#http(waiter) : undefined,
    });
  }

  #http(waiter: Waiter): HttpDeps | undefined {
    const { functions, exchangeBytes } = this.#deps.request;
    const index = functions.findIndex(({ namespace, name }) => namespace === HTTP_NAMESPACE && name === HTTP_FUNCTION);
    return index < 0 ? undefined : { waiter, mostBytes: exchangeBytes, send: (args) => this.#page.ask(index, args) };
  }
}

const refuse: AskPage = () => {
  throw new ClocheError('PERMISSION_DENIED', 'the plugin called the host before anybody has allowed it to');
};

/** One of the glue's own, and no error of ours that passed through it. */
function isErrorOfResult(thrown: unknown): thrown is { readonly payload: unknown } {
  return thrown instanceof Error && !(thrown instanceof ClocheError) && Object.hasOwn(thrown, 'payload');
}

function memoryBytes({ memories }: Instance): number {
  return memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
}
