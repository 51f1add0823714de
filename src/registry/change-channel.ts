// News of changes to everybody else who has the storage open, in this page and in other tabs. A message is only a hint to read
// again; whoever makes a change knows of it.

import type { StoragePlace } from '../database/open-database.ts';
import { isPluginId } from '../manifest/plugin-id.ts';
import { dispose } from '../util/dispose.ts';

export interface ChangeChannel extends Disposable {
  /** Tells all but the listeners of this very channel. */
  announce(id: string): void;
  /** @returns the subscription, to be ended */
  listen(listener: (id: string) => void): Disposable;
}

/** @param storage what is in memory is this page's alone, where Firefox may also refuse to open a channel */
export function changeChannel(name: string, storage: StoragePlace['storage']): ChangeChannel {
  const listeners = new Set<(id: string) => void>();
  const channel: Channel = storage === 'durable' ? new BroadcastChannel(name) : new BroadcastChanges(name);

  const tell = (id: string) => {
    for (const listener of [...listeners]) {
      try {
        listener(id);
      } catch (error) {
        reportError(error); // as for a DOM event: the others are still told
      }
    }
  };

  // Any script of the origin can write here.
  channel.onmessage = ({ data }) => {
    if (isPluginId(data)) tell(data);
  };
  return {
    announce: (id) => channel.postMessage(id),
    listen(listener) {
      // A function of its own for each call, so that one listener given twice is two.
      const own = (id: string) => listener(id);
      listeners.add(own);
      return { [dispose]: () => void listeners.delete(own) };
    },
    [dispose]() {
      listeners.clear();
      channel.close();
    },
  };
}

/** What of BroadcastChannel is used here. */
type Channel = Pick<BroadcastChannel, 'postMessage' | 'close'> & {
  onmessage: ((message: MessageEvent<unknown>) => void) | null;
};

/** A BroadcastChannel within one page. */
class BroadcastChanges implements Channel {
  static readonly #open = new Map<string, Set<BroadcastChanges>>();
  readonly #others: Set<BroadcastChanges>;
  onmessage: ((message: MessageEvent<unknown>) => void) | null = null;

  constructor(name: string) {
    this.#others = BroadcastChanges.#open.get(name) ?? new Set();
    BroadcastChanges.#open.set(name, this.#others);
    this.#others.add(this);
  }

  postMessage(data: unknown): void {
    for (const other of this.#others)
      if (other !== this) queueMicrotask(() => other.onmessage?.(new MessageEvent('message', { data })));
  }

  close(): void {
    this.onmessage = null;
    this.#others.delete(this);
  }
}
