// How a component asks the page: one call at a time, and around those that work on its files what it knows of these is settled.

import type { WireValue } from '../../src/runtime/wire/protocol.ts';
import { valuesOf } from '../failures.ts';
import type { GuestDeps } from '../guest.ts';
import type { PluginFiles } from '../wasi/full/plugin-files.ts';
import type { AskPage } from './host-imports.ts';
import { sharesFiles } from './shared-files.ts';

export class PageCalls {
  readonly #deps: GuestDeps;
  readonly #files: () => PluginFiles | undefined;
  #asked: Promise<unknown> | undefined;

  /** @param files of the guest, where it has some */
  constructor(deps: GuestDeps, files: () => PluginFiles | undefined) {
    this.#deps = deps;
    this.#files = files;
  }

  /** Resolves when what is asked for now was answered: a guest may ask and not wait. */
  get answered(): Promise<unknown> | undefined {
    return this.#asked;
  }

  readonly ask: AskPage = (index, args) => {
    const { request, hostCalls } = this.#deps;
    if (request.wait.way === 'jspi') return this.#inTurn(index, args);
    const shared = this.#sharedBy(index);
    shared?.settleAtOnce();
    let answer: readonly WireValue[] = [];
    // What blocks is an ordinary function; what it is bound with is all that crosses.
    const call = hostCalls.bind(
      index,
      () => args,
      (values) => {
        answer = values;
        return undefined;
      },
    );
    (call as unknown as () => void)();
    shared?.enterAtOnce();
    return answer;
  };

  /** Its files, where the function works on them. */
  #sharedBy(index: number): PluginFiles | undefined {
    const fn = this.#deps.request.functions[index];
    return fn && sharesFiles(fn) ? this.#files() : undefined;
  }

  async #inTurn(index: number, args: WireValue[]): Promise<readonly WireValue[]> {
    const { page } = this.#deps;
    const before = this.#asked;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#asked = promise;
    try {
      if (before) await before;
      const shared = this.#sharedBy(index);
      await shared?.settle();
      const values = valuesOf(await page.hostCall(index, args));
      await shared?.enter();
      return values;
    } finally {
      resolve();
      if (this.#asked === promise) this.#asked = undefined;
    }
  }
}
