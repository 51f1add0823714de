// Links a plugin's modules with the kernel through the Extism SDK, and repairs what the SDK gets wrong on the way.
// The numbers S1 to S5 are those of the SDK's known defects in `docs/architecture.md`.

import { createPlugin, type ExtismPluginOptions } from '@extism/extism';
import type { FunctionShape, LogLevel } from '../src/sandbox/protocol.ts';
import { ENV, KERNEL_NAMESPACE, kernelImports } from './environment.ts';
import { lossOf } from './failures.ts';
import type { HostCalls } from './host-calls/host-calls.ts';
import type { HttpState } from './http-state.ts';
import type { ImportTable } from './imports.ts';
import { Kernel } from './kernel.ts';
import { compileKernel } from './kernel-module.ts';
import type { LoadedModule } from './load-modules.ts';
import type { LogLines } from './log-lines.ts';
import { userImports } from './marshal.ts';
import { HIDDEN_WASI, startFunctionsOf } from './start-functions.ts';
import type { Vars } from './vars.ts';
import { makeWasi, type Wasi } from './wasi.ts';

export interface Surroundings {
  readonly hostCalls: HostCalls;
  readonly logs: LogLines;
  readonly vars: Vars;
  readonly http: HttpState;
  readonly config: ReadonlyMap<string, string>;
  readonly functions: readonly FunctionShape[];
  readonly imports: ImportTable;
  readonly exchangeBytes: number;
  readonly logLevel: LogLevel | 'off';
  readonly reactorsFirst: boolean;
}

export interface Linked {
  readonly kernel: Kernel;
  readonly main: WebAssembly.Instance;
  /** Linear memory of all instances that export theirs. */
  memoryBytes(): number;
  /** What it was once everything had been started. */
  readonly initialBytes: number;
}

type ImportObject = Record<string, Record<string, WebAssembly.ImportValue>>;
type Instantiate = (module: WebAssembly.Module, imports: ImportObject) => Promise<WebAssembly.Instance>;

/** A function the SDK is given: it puts its own call context before the arguments. */
export type SdkFunctions = NonNullable<ExtismPluginOptions['functions']>;

/** The SDK must not fetch: modules come compiled. Passing it also keeps the SDK from touching the removed global. */
const refuseFetch: typeof fetch = () => Promise.reject(new Error('the engine does not fetch'));

export async function link(modules: readonly LoadedModule[], around: Surroundings): Promise<Linked> {
  const kernelModule = await compileKernel(around.exchangeBytes);
  const instances = new Map<WebAssembly.Module, WebAssembly.Instance>();
  let kernel: Kernel | undefined;

  // The kernel's functions run only once a guest runs, and the kernel is linked before any guest.
  const theKernel = (): Kernel => {
    if (!kernel) throw new WebAssembly.RuntimeError('a host function was called before the kernel was linked');
    return kernel;
  };

  const instantiate: Instantiate = async (module, imports) => {
    const wasi = makeWasi(around.logs);
    const instance = await nativeInstantiate(module, repaired(module, imports, wasi));
    instances.set(module, instance);
    wasi.attach(instance);
    if (module === kernelModule) kernel = new Kernel(instance, around.logLevel);
    for (const start of startFunctionsOf(instance, around.reactorsFirst)) await runStart(start);
    return instance;
  };

  /** What it went on with though it was refused is lost, whether it trapped for that or not. */
  const runStart = async (start: CallableFunction): Promise<void> => {
    const loss = () => lossOf(theKernel(), around.exchangeBytes);
    try {
      await around.hostCalls.enter(start)(...new Array<number>(start.length).fill(0));
    } catch (thrown) {
      throw loss() ?? thrown;
    }
    const lost = loss();
    if (lost) throw lost;
  };

  /** S4: a circle of imports loses some; S5: one WASI object would serve all memories. */
  const repaired = (module: WebAssembly.Module, imports: ImportObject, wasi: Wasi): ImportObject => {
    const complete: ImportObject = { ...imports };
    for (const wanted of WebAssembly.Module.imports(module)) {
      if (wanted.module === HIDDEN_WASI) {
        complete[HIDDEN_WASI] = wasi.imports;
      } else if (wanted.kind === 'function' && !complete[wanted.module]?.[wanted.name]) {
        const provider = modules.find(({ name }) => name === wanted.module);
        if (provider)
          complete[wanted.module] = { ...complete[wanted.module], [wanted.name]: later(provider, wanted.name) };
      }
    }
    return complete;
  };

  /** A function of a module further down the circle, looked up when it is called. */
  const later = (provider: LoadedModule, name: string): CallableFunction => {
    return (...args: unknown[]) => {
      const target = instances.get(provider.module)?.exports[name];
      if (typeof target !== 'function') {
        throw new WebAssembly.RuntimeError(
          `\`${name}\` of module \`${provider.name}\` was called before it was linked`,
        );
      }
      return target(...args);
    };
  };

  const plugin = await withInstantiate(instantiate, () =>
    createPlugin(
      {
        wasm: [...modules.map(({ name, module }) => ({ name, module })), { name: ENV, module: kernelModule }],
      },
      { functions: functionsFor(around, theKernel), fetch: refuseFetch },
    ),
  );

  // The SDK leaves out what nothing imports from, and even a plugin without an import has input and output.
  if (!kernel) await instantiate(kernelModule, { [KERNEL_NAMESPACE]: idle(kernelModule) });
  const memories = memoriesOf(instances, kernelModule);
  const memoryBytes = (): number => memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
  return { kernel: theKernel(), main: await plugin.getInstance(), memoryBytes, initialBytes: memoryBytes() };
}

/** Everything the guest may import that is no wasm module, in the form the SDK takes. */
function functionsFor(around: Surroundings, kernel: () => Kernel): SdkFunctions {
  return {
    [KERNEL_NAMESPACE]: kernelImports(around, kernel),
    ...userImports(around, kernel),
    // Only the names: `repaired` puts each module's own functions in.
    [HIDDEN_WASI]: Object.fromEntries(around.imports.namesOf(HIDDEN_WASI).map((name) => [name, () => 0])),
  };
}

/** Imports that will not be called. */
function idle(module: WebAssembly.Module): Record<string, CallableFunction> {
  return Object.fromEntries(WebAssembly.Module.imports(module).map(({ name }) => [name, () => 0]));
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

function memoriesOf(
  instances: ReadonlyMap<WebAssembly.Module, WebAssembly.Instance>,
  kernelModule: WebAssembly.Module,
): WebAssembly.Memory[] {
  return [...instances]
    .filter(([module]) => module !== kernelModule)
    .flatMap(([, { exports }]) => Object.values(exports).filter((value) => value instanceof WebAssembly.Memory));
}
