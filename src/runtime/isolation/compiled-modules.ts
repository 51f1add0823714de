// Modules that workers have compiled, kept by whoever holds the workers, and lent to others.

import type { FromWorker } from '../wire/protocol.ts';

export class CompiledModules {
  readonly #modules = new Map<string, WebAssembly.Module>();

  /** Of these keys what is there. */
  lend(keys: readonly string[]): (readonly [string, WebAssembly.Module])[] {
    return keys.flatMap((key) => {
      const module = this.#modules.get(key);
      return module ? [[key, module] as const] : [];
    });
  }

  /** Of these keys what is not there. */
  missing(keys: readonly string[]): ReadonlySet<string> {
    return new Set(keys.filter((key) => !this.#modules.has(key)));
  }

  /**
   * Keeps what a worker delivers. It does so before it runs anything of its guest, so that is what our own glue compiled.
   * @param expected what it was asked to compile
   * @returns the keys of what is kept
   */
  keep(expected: ReadonlySet<string>, { modules }: FromWorker): string[] {
    const wanted = modules.filter(([key, module]) => expected.has(key) && isModule(module));
    for (const [key, module] of wanted) this.#modules.set(key, module);
    return wanted.map(([key]) => key);
  }

  delete(keys: readonly string[]): void {
    for (const key of keys) this.#modules.delete(key);
  }
}

/** Whether a message of a worker is such a delivery. */
export function isDelivery(data: unknown): data is FromWorker {
  const message = data as FromWorker | null | undefined;
  return message?.type === 'COMPILED' && Array.isArray(message.modules);
}

/** Of whatever realm: the engine looks at what is inside. */
function isModule(value: WebAssembly.Module): boolean {
  try {
    WebAssembly.Module.customSections(value, '');
    return true;
  } catch {
    return false;
  }
}
