// All that plugins add to a host app besides exports: the one object through which the host offers it.

import type { Delivery } from '../events.ts';
import { currentChain, onBehalfOf } from '../runtime/calls/call-chain.ts';
import type { CallOptions } from '../runtime/calls/call-options.ts';
import { dispose } from '../util/dispose.ts';
import { lateChunk, loadChunk } from '../util/load-chunk.ts';
import type { RunOptions } from './commands/run-command.ts';
import type { Extension, ExtensionContext, ExtensionPlugin, PluginCommand } from './context.ts';
import { Contributions } from './contributions.ts';
import type { HookCall, HookOutcome } from './hooks.ts';
import type { FetchInit } from './host-fetch.ts';
import { plainCopy } from './plain-copy.ts';
import type { Schedules } from './schedules.ts';

const commands = lateChunk(() => import('./commands/run-command.ts'));
const fetching = lateChunk(() => import('./host-fetch.ts'));
const delivering = lateChunk(() => import('./deliver.ts'));
const hooks = lateChunk(() => import('./hooks.ts'));

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

  get commands(): readonly PluginCommand[] {
    return this.#contributions.commands;
  }

  /** Each turn less of its promise counts: a command takes little longer than its messages. */
  run(name: string, args: string | undefined, given: RunOptions | undefined): Promise<string> {
    // Lost with the first await.
    const chain = currentChain();
    const run = ({ runCommand }: Awaited<ReturnType<typeof commands>>): Promise<string> =>
      onBehalfOf(chain, () => runCommand(this.#context, name, args, given));
    const loaded = commands();
    return loaded instanceof Promise ? loaded.then(run) : run(loaded);
  }

  async fetch(input: RequestInfo | URL, init: FetchInit | undefined): Promise<Response> {
    const { fetchFromHost } = await fetching();
    return fetchFromHost(this.#context, input, init);
  }

  async emit(event: string, payload: unknown, options: CallOptions | undefined): Promise<Delivery[]> {
    // The caller may change it while handlers wait for their turn; and who waits for whom is lost with the first await.
    const data = plainCopy(payload);
    const chain = currentChain();
    const { deliver } = await delivering();
    return onBehalfOf(chain, () => deliver(this.#context, event, data, options));
  }

  async hook(call: string | HookCall, args: readonly unknown[]): Promise<HookOutcome[]> {
    // Lost with the first await: who calls this may be what a plugin waits for.
    const chain = currentChain();
    const { callHook } = await hooks();
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
