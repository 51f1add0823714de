// All that plugins add to a host app besides exports: the one object through which the host offers it.

import type { Delivery } from '../events.ts';
import { currentChain } from '../runtime/calls/call-chain.ts';
import type { CallOptions } from '../runtime/calls/call-options.ts';
import { dispose } from '../util/dispose.ts';
import { loadChunk } from '../util/load-chunk.ts';
import type { Extension, ExtensionContext, ExtensionPlugin } from './context.ts';
import { Contributions } from './contributions.ts';
import { deliver } from './deliver.ts';
import type { HookCall, HookOutcome } from './hooks.ts';
import type { FetchInit } from './host-fetch.ts';
import type { Schedules } from './schedules.ts';

export class Extensions implements Disposable {
  readonly #context: ExtensionContext;
  readonly #contributions: Contributions;
  /** They come with the first plugin that has any. */
  #schedules: Promise<Schedules> | undefined;
  #closed = false;

  constructor(context: ExtensionContext) {
    this.#context = context;
    this.#contributions = new Contributions(context);
  }

  list(point: string | undefined): readonly Extension[] {
    return this.#contributions.list(point);
  }

  async fetch(input: RequestInfo | URL, init: FetchInit | undefined): Promise<Response> {
    const { fetchFromHost } = await loadChunk(() => import('./host-fetch.ts'));
    return fetchFromHost(this.#context, input, init);
  }

  emit(event: string, payload: unknown, options: CallOptions | undefined): Promise<Delivery[]> {
    return deliver(this.#context, event, payload, options);
  }

  async hook(call: string | HookCall, args: readonly unknown[]): Promise<HookOutcome[]> {
    // Lost with the first await: who calls this may be what a plugin waits for.
    const chain = currentChain();
    const { callHook } = await loadChunk(() => import('./hooks.ts'));
    return callHook(this.#context.host.plugins, call, args, chain);
  }

  /** A plugin has come or gone, or was changed. */
  refresh(): void {
    this.#contributions.refresh();
    void this.#refreshSchedules();
  }

  [dispose](): void {
    this.#closed = true;
    void this.#schedules?.then((schedules) => schedules[dispose]());
  }

  async #refreshSchedules(): Promise<void> {
    if (this.#closed || !(this.#schedules || this.#context.host.plugins.some(hasSchedules))) return;
    this.#schedules ??= this.#loadSchedules();
    (await this.#schedules).refresh();
  }

  /** @throws {ClocheError} FETCH_FAILED; the next change of a plugin tries again */
  async #loadSchedules(): Promise<Schedules> {
    try {
      const { Schedules } = await loadChunk(() => import('./schedules.ts'));
      return new Schedules(this.#context);
    } catch (thrown) {
      this.#schedules = undefined;
      throw thrown;
    }
  }
}

function hasSchedules({ active, contributed }: ExtensionPlugin): boolean {
  return active && contributed.schedules.length > 0;
}
