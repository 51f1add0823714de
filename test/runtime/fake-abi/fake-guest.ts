// A small ABI beside the built-in ones, to show what the seam can say. Nothing but this folder knows of it.
//
// Guests keep their own memory, export it, and `alloc(length) -> pointer`. A text or bytes are two parameters, pointer and
// length; as a result they are one i64, the pointer in its upper half. Handles are numbers for values that the worker keeps.

import { ClocheError } from '../../../src/errors.ts';
import type {
  FunctionShape,
  GuestCall,
  GuestResult,
  MemoryUse,
  ModuleFacts,
  WireValue,
} from '../../../src/runtime/wire/protocol.ts';
import { type LoadedModule, loadModules } from '../../../workers/compile-modules.ts';
import { trapOf } from '../../../workers/failures.ts';
import type { Abi, CompiledModules, Guest, GuestDeps } from '../../../workers/guest.ts';
import { Clock } from '../../../workers/wasi/clock.ts';
import { makeWasi, problemWithWasi } from '../../../workers/wasi/preview1.ts';

const WASI = 'wasi_snapshot_preview1';
/** What the worker itself gives to guests of this ABI. */
const OWN = 'fake:host';
/** Exports whose result is a text, as an ABI knows the types of its exports. */
const TEXT_RESULTS: ReadonlySet<string> = new Set(['greet', 'ask', 'save']);

type Raw = number | bigint;

export const fake: Abi = { newGuest: (deps) => new FakeGuest(deps) };

class FakeGuest implements Guest {
  readonly #deps: GuestDeps;
  #main: LoadedModule | undefined;
  #instance: WebAssembly.Instance | undefined;

  constructor(deps: GuestDeps) {
    this.#deps = deps;
  }

  get hasInstance(): boolean {
    return this.#instance !== undefined;
  }

  async load(cache: CompiledModules): Promise<readonly ModuleFacts[]> {
    const [main] = await loadModules(this.#deps.request, cache);
    if (!main) throw new ClocheError('MODULE_REJECTED', 'there is no module');
    this.#main = main;
    const problems = WebAssembly.Module.imports(main.module)
      .filter(({ module }) => module === WASI)
      .flatMap(({ name }) => {
        const problem = problemWithWasi(name, this.#deps.request);
        return problem ? [`\`${name}\` (${problem})`] : [];
      });
    if (problems.length > 0) throw new ClocheError('IMPORT_MISSING', problems.join('; '));
    return main.facts ? [main.facts] : [];
  }

  async start(): Promise<void> {
    this.#instance = await this.#link();
  }

  async call(call: GuestCall): Promise<GuestResult> {
    if (!('args' in call)) throw new ClocheError('EXPORT_INVALID', `\`${call.export}\` takes arguments, not an input`);
    this.#instance ??= await this.#link();
    const { guest } = this.#deps.request;
    try {
      return { values: await this.#run(this.#instance, call.export, call.args) };
    } catch (thrown) {
      if (guest.afterTrap === 'discard') this.#instance = undefined;
      throw trapOf(thrown, { said: undefined, refusal: undefined });
    } finally {
      if (guest.instance === 'per-call') this.#instance = undefined;
      this.#deps.logs.flush();
    }
  }

  use(): MemoryUse {
    const memory = this.#instance?.exports.memory;
    const memoryBytes = memory instanceof WebAssembly.Memory ? memory.buffer.byteLength : 0;
    return { memoryBytes, exchangeBytes: 0, varBytes: 0 };
  }

  async #run(instance: WebAssembly.Instance, name: string, args: readonly WireValue[]): Promise<WireValue[]> {
    const run = functionOf(instance, name);
    const raw = args.flatMap((value) => (value instanceof Uint8Array ? store(instance, value) : (value ?? 0)));
    if (raw.length !== run.length) {
      throw new ClocheError('EXPORT_INVALID', `\`${name}\` takes ${run.length} values, got ${raw.length}`);
    }
    const result = (await this.#deps.hostCalls.enter(run)(...raw)) as Raw | undefined;
    if (result === undefined) return [];
    return [TEXT_RESULTS.has(name) ? textAt(instance, result as bigint) : result];
  }

  async #link(): Promise<WebAssembly.Instance> {
    const { request, hostCalls, logs } = this.#deps;
    const module = this.#main?.module as WebAssembly.Module;
    const handles: number[] = [];
    const wasi = makeWasi(logs, new Clock(request.clock));
    const self = (): WebAssembly.Instance => instance;
    const provided = new Map<string, WebAssembly.ImportValue>([
      [`${OWN} api_version`, () => request.guest.apiVersion ?? -1],
      [`${OWN} handle_new`, (value: number) => handles.push(value) - 1],
      [`${OWN} handle_get`, (handle: number) => heldBy(handles, handle)],
      ...Object.entries(wasi.imports).map(
        ([name, run]) => [`${WASI} ${name}`, run as WebAssembly.ImportValue] as const,
      ),
      ...request.functions.map((shape, index) => {
        const bound = hostCalls.bind<Raw>(
          index,
          (raw) => argumentsIn(self(), shape, raw),
          ([value]) => resultIn(self(), shape, value ?? null),
        );
        return [`${shape.namespace} ${shape.name}`, bound] as const;
      }),
    ]);
    const imports: WebAssembly.Imports = {};
    for (const { module: from, name } of WebAssembly.Module.imports(module)) {
      const value = provided.get(`${from} ${name}`);
      if (!value) throw new ClocheError('IMPORT_MISSING', `\`${from}\` \`${name}\``);
      imports[from] = { ...imports[from], [name]: value };
    }
    const instance = await WebAssembly.instantiate(module, imports);
    wasi.attach(instance);
    const start = request.guest.start.find((name) => typeof instance.exports[name] === 'function');
    if (start !== undefined) await hostCalls.enter(functionOf(instance, start))();
    return instance;
  }
}

function functionOf({ exports }: WebAssembly.Instance, name: string): CallableFunction {
  const found = exports[name];
  if (typeof found !== 'function') throw new ClocheError('EXPORT_MISSING', `\`${name}\` is not a function`);
  return found;
}

function heldBy(handles: readonly number[], handle: number): number {
  const value = handles[handle];
  if (value === undefined) throw new WebAssembly.RuntimeError(`handle ${handle} is not one of this instance`);
  return value;
}

/** Copies out of the guest before anything waits. */
function argumentsIn(instance: WebAssembly.Instance, { params }: FunctionShape, raw: readonly Raw[]): WireValue[] {
  let at = 0;
  const next = (): Raw => raw[at++] as Raw;
  return params.map((shape) => (isText(shape) ? bytesAt(instance, next() as number, next() as number) : next()));
}

function resultIn(instance: WebAssembly.Instance, { result }: FunctionShape, value: WireValue): Raw | undefined {
  if (result === null) return undefined;
  if (!isText(result)) return value as Raw;
  const [pointer = 0, length = 0] = store(instance, value instanceof Uint8Array ? value : new Uint8Array());
  return (BigInt(pointer) << 32n) | BigInt(length);
}

function isText(shape: string): boolean {
  return shape === 'text' || shape === 'bytes';
}

function store(instance: WebAssembly.Instance, bytes: Uint8Array): number[] {
  const pointer = functionOf(instance, 'alloc')(bytes.length) as number;
  // Taken anew: the guest may have grown its memory for this.
  bytesOf(instance, pointer, bytes.length).set(bytes);
  return [pointer, bytes.length];
}

function textAt(instance: WebAssembly.Instance, packed: bigint): Uint8Array {
  return bytesAt(instance, Number(BigInt.asIntN(32, packed >> 32n)), Number(BigInt.asIntN(32, packed)));
}

function bytesAt(instance: WebAssembly.Instance, pointer: number, length: number): Uint8Array {
  return bytesOf(instance, pointer, length).slice();
}

/** @throws {WebAssembly.RuntimeError} where that is not in the guest's memory */
function bytesOf({ exports }: WebAssembly.Instance, pointer: number, length: number): Uint8Array {
  const { buffer } = exports.memory as WebAssembly.Memory;
  if ((pointer >>> 0) + (length >>> 0) > buffer.byteLength) {
    throw new WebAssembly.RuntimeError(`${length >>> 0} bytes at ${pointer >>> 0} are not in memory`);
  }
  return new Uint8Array(buffer, pointer >>> 0, length >>> 0);
}
