// All that plugins add to a host app besides exports: the one object through which the host offers it.

import type { Delivery } from '../events.ts';
import type { CallOptions } from '../options.ts';
import { part } from '../util/load-chunk.ts';
import type { ExtensionGrounds } from './context.ts';
import { type Extension, ExtensionBoard } from './contributions.ts';
import { deliver } from './deliver.ts';
import { Schedules } from './schedules.ts';

export class Extensions {
  readonly #grounds: ExtensionGrounds;
  readonly #board: ExtensionBoard;
  readonly #schedules: Schedules;

  constructor(grounds: ExtensionGrounds) {
    this.#grounds = grounds;
    this.#board = new ExtensionBoard(grounds);
    this.#schedules = new Schedules(grounds);
  }

  list(point: string | undefined): readonly Extension[] {
    return this.#board.list(point);
  }

  async fetch(input: RequestInfo | URL, init: RequestInit | undefined): Promise<Response> {
    const { fetchFromHost } = await part(() => import('./host-fetch.ts'));
    return fetchFromHost(this.#grounds, input, init);
  }

  emit(event: string, payload: unknown, options: CallOptions | undefined): Promise<Delivery[]> {
    return deliver(this.#grounds, event, payload, options);
  }

  /** A plugin has come or gone, or was changed. */
  refresh(): void {
    this.#board.refresh();
    this.#schedules.refresh();
  }

  close(): void {
    this.#schedules.close();
  }
}
