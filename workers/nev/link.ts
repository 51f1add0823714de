// Links a guest of Nev's ABI: what only touches it is answered here, the rest by the page.

import { Budget } from '../../src/runtime/wire/abi/budget.ts';
import type { Channel } from '../../src/runtime/wire/abi/channel.ts';
import { Mounts } from '../../src/runtime/wire/abi/mounts.ts';
import type { SharedBuffer } from '../../src/runtime/wire/abi/shared-buffer.ts';
import type { AbiFunction, AbiType } from '../../src/runtime/wire/abi/types.ts';
import type { FunctionShape, WireValue } from '../../src/runtime/wire/protocol.ts';
import { withRoom } from '../engine-full.ts';
import type { GuestDeps } from '../guest.ts';
import { RefusedGrowth } from '../refused-growth.ts';
import { Clock, MONOTONIC } from '../wasi/clock.ts';
import { makeWasi, type WasiSystem } from '../wasi/preview1.ts';
import { INTERFACE } from './check-imports.ts';
import { Codec, type Next, type Raw } from './codec.ts';
import { defaultOf } from './defaults.ts';
import { exchangeArguments, exchanged, isExchanged, READ_INTO, SPAWN, shares } from './exchange.ts';
import { localChannels } from './interfaces/channels.ts';
import { localCore } from './interfaces/core.ts';
import type { ChannelEnd, LocalFunction } from './interfaces/local-function.ts';
import { reducedWasi } from './interfaces/reduced-wasi.ts';
import { localTypes } from './interfaces/types.ts';
import { isFlatResult } from './layout.ts';
import { Memory } from './memory.ts';
import { Handles } from './resources/handles.ts';
import type { Rope } from './resources/rope.ts';

const CORE = `${INTERFACE}core`;
const DROP = '[resource-drop]';
/** What the page does for an instance in the background; all else has nothing there, as it has no editor. */
const OF_BACKGROUND: ReadonlySet<string> = new Set(
  ['core', 'settings', 'vfs', 'process'].map((name) => INTERFACE + name),
);

/** Resources that a worker keeps itself. */
const OWN_RESOURCES = ['rope', 'shared-buffer', 'read-channel', 'write-channel'];

/** An instance, with all that its guest has here. */
export class NevInstance {
  readonly memory = new Memory();
  readonly codec: Codec;
  readonly budget: Budget;
  /** Channels that something waits at. */
  readonly watched = new Set<Channel>();
  readonly growth: RefusedGrowth;
  readonly #instances = new Map<WebAssembly.Module, WebAssembly.Instance>();
  readonly #locals: ReadonlyMap<string, LocalFunction>;
  readonly #handles = new Handles();
  readonly #deps: GuestDeps;
  /** Number of the function by which the page is asked for what instances share; below 0 where there is none. */
  readonly #exchange: number;
  #shares = false;

  constructor(deps: GuestDeps) {
    this.#deps = deps;
    this.#exchange = deps.request.functions.findIndex((one) => one.namespace === CORE && one.name === SPAWN);
    this.budget = new Budget(deps.request.exchangeBytes);
    this.codec = new Codec(this.memory, this.#handles, this.budget);
    this.growth = new RefusedGrowth(this.#instances);
    this.#locals = this.#localFunctions(this.#handles);
  }

  get exports(): WebAssembly.Exports {
    const [instance] = this.#instances.values();
    return instance?.exports ?? {};
  }

  /** What it provides here itself; undefined for what only the page can. */
  local(namespace: string, name: string): LocalFunction | undefined {
    // Where nobody starts workers there is no background.
    if (name === SPAWN && this.#exchange < 0) return undefined;
    return this.#locals.get(`${namespace} ${name}`);
  }

  /** Whether the page keeps it for several instances of the plugin. */
  isShared(namespace: string, name: string): boolean {
    return this.#shares && isExchanged(namespace, name);
  }

  /** Whether the page keeps what it shares is known of its module. */
  sharesWith(module: WebAssembly.Module): void {
    this.#shares = this.#exchange >= 0 && WebAssembly.Module.imports(module).some(shares);
  }

  /** @throws {ClocheError} ENGINE_FULL */
  async instantiate(module: WebAssembly.Module, system?: WasiSystem): Promise<void> {
    const { logs, request } = this.#deps;
    const clock = new Clock(request.clock);
    const wasi = system?.newWasi(clock) ?? makeWasi(logs, clock);
    const imports: Record<string, Record<string, WebAssembly.ImportValue>> = Object.create(null);
    for (const { module: namespace, name } of WebAssembly.Module.imports(module)) {
      const value = this.#import(namespace, name) ?? wasi.imports[name];
      imports[namespace] ??= Object.create(null) as Record<string, WebAssembly.ImportValue>;
      imports[namespace][name] = value as WebAssembly.ImportValue;
    }
    const instance = await withRoom(() => WebAssembly.instantiate(module, imports));
    this.#instances.set(module, instance);
    this.memory.bind(instance);
    wasi.attach(instance);
  }

  #import(namespace: string, name: string): WebAssembly.ImportValue | undefined {
    const local = this.local(namespace, name);
    if (local && this.isShared(namespace, name)) return this.#bindToExchange(name, local);
    if (local) return this.#bindLocal(local);
    const { functions, guest } = this.#deps.request;
    const index = functions.findIndex((shape) => shape.namespace === namespace && shape.name === name);
    const { types, stub } = functions[index] ?? {};
    // What stands for nothing takes nothing: the page says what is missing.
    if (stub)
      return this.#deps.hostCalls.bind<Raw>(
        index,
        () => [],
        () => undefined,
      );
    if (types && guest.background && !OF_BACKGROUND.has(namespace)) {
      return this.#bindLocal({ ...types, run: () => types.result && defaultOf(types.result) });
    }
    return types && this.#bindToPage(index, types);
  }

  #bindLocal({ params, result, run }: LocalFunction): WebAssembly.ImportValue {
    return (...raw: Raw[]): Raw | undefined => {
      const next = inOrder(raw);
      const value = run(params.map((type) => this.codec.lift(type, next)));
      return this.#answer(result, value, raw);
    };
  }

  #bindToPage(index: number, { params, result }: AbiFunction): WebAssembly.ImportValue {
    let asked: readonly Raw[] = [];
    return this.#deps.hostCalls.bind<Raw>(
      index,
      (raw) => {
        asked = raw;
        const next = inOrder(raw);
        return params.map((type, i) => {
          if (type !== 'pixels') return this.codec.liftToWire(type, next);
          next();
          return this.#pixels(raw, i);
        });
      },
      ([value = null]: readonly WireValue[]) =>
        this.#answer(result, result === undefined ? undefined : this.codec.fromWire(result, value), asked),
    );
  }

  /** What a pointer points to behind width and height, before a format; nothing where that is not all in memory. */
  #pixels(raw: readonly Raw[], i: number): Uint8Array | null {
    const [width = 0, height = 0, at = 0, format] = raw.slice(i - 2, i + 2).map(Number);
    const length = Math.max(0, width) * Math.max(0, height) * (format === 0 ? 4 : 16);
    const isThere = length <= this.#deps.request.exchangeBytes && this.memory.has(at, length);
    return isThere ? this.memory.read(at, length, 'pixels') : null;
  }

  #bindToExchange(name: string, types: LocalFunction): WebAssembly.ImportValue {
    let asked: readonly Raw[] = [];
    return this.#deps.hostCalls.bind<Raw>(
      this.#exchange,
      (raw) => {
        asked = raw;
        const next = inOrder(raw);
        // A handle is taken or lent by its type, and crosses as the number that the page knows it by.
        const given = name.startsWith(DROP)
          ? [this.#handles.take(Number(raw[0]), name.slice(DROP.length)).value as number]
          : types.params.map((type) => this.codec.liftToWire(type, next));
        // Where it goes in memory only this side knows.
        if (name === READ_INTO) given.splice(2, 1);
        return exchangeArguments(name, given);
      },
      ([answer = null]) => {
        if (name !== READ_INTO) return this.#answer(types.result, exchanged(types, answer), asked);
        if (answer instanceof Uint8Array) this.memory.write(Number(asked[2]) >>> 0, answer, '`read-into`');
        return undefined;
      },
    );
  }

  /** Writes to where the last argument points what is not one core value. That runs the guest, which may be suspended. */
  #answer(type: AbiType | undefined, value: unknown, raw: readonly Raw[]): Raw | undefined {
    if (type === undefined) return undefined;
    if (isFlatResult(type)) return this.codec.lowerFlat(type, value);
    this.codec.store(type, Number(raw.at(-1)) >>> 0, value);
    return undefined;
  }

  #localFunctions(handles: Handles): ReadonlyMap<string, LocalFunction> {
    const { request, logs } = this.#deps;
    const { memory, budget } = this;
    const clock = new Clock(request.clock);
    const now = (): number => clock.at(MONOTONIC, performance.now());
    const began = now();
    const warn = (text: string): void => logs.write('warn', 'plugin', new TextEncoder().encode(text));
    const watch = (channel: Channel): void => void this.watched.add(channel);
    const interfaces = {
      core: localCore({ ...request.guest, now: () => now() - began }),
      types: localTypes({ memory, budget, ropes: new Mounts<Rope>(), buffers: new Mounts<SharedBuffer>(), warn }),
      channel: localChannels({ budget, readers: new Mounts<ChannelEnd>(), writers: new Mounts<ChannelEnd>(), watch }),
    };
    const functions = new Map(Object.entries(request.wasi === 'reduced' ? reducedWasi(memory, logs) : {}));
    for (const [name, own] of Object.entries(interfaces)) {
      for (const [fn, local] of Object.entries(own)) functions.set(`${INTERFACE}${name} ${fn}`, local);
    }
    for (const kind of OWN_RESOURCES) {
      const drop: LocalFunction = { params: ['u32'], run: ([handle]) => handles.drop(handle as number, kind) };
      functions.set(`${INTERFACE}${kind.endsWith('channel') ? 'channel' : 'types'} [resource-drop]${kind}`, drop);
    }
    return functions;
  }
}

/** Whether the page answers it, so that its guest has to wait. */
export function isOfPage(instance: NevInstance, functions: readonly FunctionShape[]) {
  return ({ module: namespace, name }: WebAssembly.ModuleImportDescriptor): boolean =>
    instance.isShared(namespace, name) ||
    (!instance.local(namespace, name) &&
      functions.some((shape) => !shape.stub && shape.namespace === namespace && shape.name === name));
}

function inOrder(raw: readonly Raw[]): Next {
  let at = 0;
  return () => raw[at++] ?? 0;
}
