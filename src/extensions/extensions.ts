// All that plugins add to a host app besides exports: the one object through which the host offers it.

import type { Delivery } from '../events.ts';
import type { CallOptions } from '../runtime/calls/call-options.ts';
import { dispose } from '../util/dispose.ts';
import { loadChunk } from '../util/load-chunk.ts';
import type { Extension, ExtensionContext } from './context.ts';
import { Contributions } from './contributions.ts';
import { deliver } from './deliver.ts';
import type { FetchInit } from './host-fetch.ts';
import { Schedules } from './schedules.ts';

export class Extensions implements Disposable {
  readonly #context: ExtensionContext;
  readonly #contributions: Contributions;
  readonly #schedules: Schedules;

  constructor(context: ExtensionContext) {
    this.#context = context;
    this.#contributions = new Contributions(context);
    this.#schedules = new Schedules(context);
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

  /** A plugin has come or gone, or was changed. */
  refresh(): void {
    this.#contributions.refresh();
    this.#schedules.refresh();
  }

  [dispose](): void {
    this.#schedules[dispose]();
  }
}
