// Links a plugin's modules with the kernel through the Extism SDK, and repairs what the SDK gets wrong on the way.
// The numbers are those of the facts in `docs/contracts/extism.md`.

import { createPlugin } from '@extism/extism';
import type { LoadedModule } from '../compile-modules.ts';
import { withRoom } from '../engine-full.ts';
import { RefusedGrowth } from '../refused-growth.ts';
import { Clock } from '../wasi/clock.ts';
import { makeWasi, type Wasi } from '../wasi/preview1.ts';
import { Kernel } from './kernel/kernel.ts';
import { kernelImports } from './kernel/kernel-imports.ts';
import type { ImportObject, ImportTable, LinkContext, SdkFunctions } from './link-context.ts';
import { lossOf, memoryFailureOf, type Scene } from './losses.ts';
import { userImports } from './marshal.ts';
import { ENV } from './namespaces.ts';
import { HIDDEN_WASI, startFunctionsOf } from './start-functions.ts';

export interface Linked {
  readonly kernel: Kernel;
  readonly main: WebAssembly.Instance;
  readonly growth: RefusedGrowth;
  /** Linear memory of all instances that export theirs. */
  memoryBytes(): number;
}

type Instantiate = (module: WebAssembly.Module, imports: ImportObject) => Promise<WebAssembly.Instance>;

/** The SDK must not fetch: modules come compiled. Passing it also keeps the SDK from touching the removed global. */
const refuseFetch: typeof fetch = () => Promise.reject(new Error('the engine does not fetch'));

export async function link(modules: readonly LoadedModule[], context: LinkContext): Promise<Linked> {
  const instances = new Map<WebAssembly.Module, WebAssembly.Instance>();

  // The kernel comes first, whether or not anything imports it: any code of a guest may call a host function, which
  // reads its arguments from the kernel, and even a plugin without an import has input and output.
  const theKernel = (): Kernel => kernel;
  const forKernel = kernelImports(context, theKernel);
  const kernelInstance = await withRoom(() => context.kernelMemory.newKernel(context.exchangeBytes, forKernel));
  const kernel = new Kernel(kernelInstance, context.logLevel);
  const hostFunctions = userImports(context, theKernel);

  const clock = new Clock(context.clock);
  const usesWasi = context.imports.namesOf(HIDDEN_WASI).length > 0;

  const instantiate: Instantiate = async (module) => {
    const wasi = usesWasi ? (context.wasi?.newWasi(clock) ?? makeWasi(context.logs, clock)) : undefined;
    const instance = await withRoom(() => nativeInstantiate(module, provided(module, wasi)));
    instances.set(module, instance);
    wasi?.attach(instance);
    for (const start of startFunctionsOf(instance, context.start)) await runStart(start);
    return instance;
  };

  const growth = new RefusedGrowth(instances);
  const scene: Scene = { kernel, growth, limits: context.limits, exchangeBytes: context.exchangeBytes };

  /** What it went on with though it was refused is lost, whether it trapped for that or not. */
  const runStart = async (start: CallableFunction): Promise<void> => {
    try {
      await context.hostCalls.enter(start)(...new Array<number>(start.length).fill(0));
    } catch (thrown) {
      throw memoryFailureOf(thrown, scene) ?? thrown;
    }
    const loss = lossOf(scene);
    if (loss) throw loss;
  };

  /**
   * Each import from whoever is to provide it. Names are a stranger's: nothing here has a prototype, and nothing of what
   * the SDK has looked up is taken. It loses some imports of a circle (EX31), and has one WASI for all memories (EX32).
   */
  const provided = (module: WebAssembly.Module, wasi: Wasi | undefined): ImportObject => {
    const imports = bare<ImportObject>();
    for (const wanted of WebAssembly.Module.imports(module)) {
      const namespace = imports[wanted.module] ?? bare<ImportObject[string]>();
      imports[wanted.module] = namespace;
      const value = providerOf(wanted, wasi);
      if (value !== undefined) namespace[wanted.name] = value;
    }
    return imports;
  };

  const providerOf = (
    { module: namespace, name, kind }: WebAssembly.ModuleImportDescriptor,
    wasi: Wasi | undefined,
  ): WebAssembly.ImportValue | undefined => {
    if (namespace === HIDDEN_WASI) return own(wasi?.imports ?? {}, name);
    if (namespace === ENV) return own(kernelInstance.exports, name);
    const linked = modules.find((candidate) => candidate.name === namespace);
    if (!linked) return own(own(hostFunctions, namespace) ?? {}, name);
    const instance = instances.get(linked.module);
    if (instance) return own(instance.exports, name);
    return kind === 'function' ? later(linked, name) : undefined;
  };

  /** A function of a module further down the circle, looked up when it is called. */
  const later = (linked: LoadedModule, name: string): CallableFunction => {
    return (...args: unknown[]) => {
      const target = own(instances.get(linked.module)?.exports ?? {}, name);
      if (typeof target !== 'function') {
        throw new WebAssembly.RuntimeError(`\`${name}\` of module \`${linked.name}\` was called before it was linked`);
      }
      return target(...args);
    };
  };

  const plugin = await withInstantiate(instantiate, () =>
    createPlugin(
      { wasm: modules.map(({ name, module }) => ({ name, module })) },
      { functions: namesFor(hostFunctions, context.imports), fetch: refuseFetch },
    ),
  );

  const memories = memoriesOf(instances);
  const memoryBytes = (): number => memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
  return { kernel, growth, main: await plugin.getInstance(), memoryBytes };
}

/**
 * Everything that is imported from no module of the plugin, as names, which are all that the SDK looks for: each module gets
 * its imports here, and the kernel is there already.
 */
function namesFor(hostFunctions: ImportObject, imports: ImportTable): SdkFunctions {
  const named = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, () => 0]));
  const names = bare<Record<string, ReturnType<typeof named>>>();
  for (const [namespace, functions] of Object.entries(hostFunctions)) names[namespace] = named(Object.keys(functions));
  for (const namespace of [HIDDEN_WASI, ENV]) names[namespace] = named(imports.namesOf(namespace));
  return names;
}

/** An object that has what is put in, and nothing else. */
function bare<T extends object>(): T {
  return Object.create(null) as T;
}

/** What an object has of its own under a name that a stranger chose. */
function own<T>(object: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

const nativeInstantiate = WebAssembly.instantiate as Instantiate;

/**
 * The SDK gives no handle on linked instances and starts them in its own order, so its one way to the engine is
 * watched. This worker runs nothing but one plugin, and links one at a time.
 */
async function withInstantiate<T>(watched: Instantiate, run: () => Promise<T>): Promise<T> {
  WebAssembly.instantiate = watched as typeof WebAssembly.instantiate;
  try {
    return await run();
  } finally {
    WebAssembly.instantiate = nativeInstantiate as typeof WebAssembly.instantiate;
  }
}

function memoriesOf(instances: ReadonlyMap<WebAssembly.Module, WebAssembly.Instance>): WebAssembly.Memory[] {
  return [...instances.values()].flatMap(({ exports }) =>
    Object.values(exports).filter((value) => value instanceof WebAssembly.Memory),
  );
}
