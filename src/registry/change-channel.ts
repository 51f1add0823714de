// News of changes to everybody else who has the storage open, in this page and in other tabs. A message is only a hint to read
// again; whoever makes a change knows of it.

import type { StoragePlace } from '../database/open-database.ts';
import { isPluginId } from '../manifest/plugin-id.ts';
import { dispose } from '../util/dispose.ts';

export interface ChangeChannel extends Disposable {
  /** Tells all but the listeners of this very channel. */
  announce(id: string): void;
  /** Tells them that somebody has decided anew on all that the plugin may do: that may leave what is stored as it was. */
  announceDecision(id: string): void;
  /** @returns the subscription, to be ended */
  listen(listener: ChangeListener): Disposable;
}

export type ChangeListener = (id: string, isDecision: boolean) => void;

/** @param storage what is in memory is this page's alone, where Firefox may also refuse to open a channel */
export function changeChannel(name: string, storage: StoragePlace['storage']): ChangeChannel {
  const listeners = new Set<ChangeListener>();
  const channel: Channel = storage === 'durable' ? new BroadcastChannel(name) : new BroadcastChanges(name);

  const tell = (id: unknown, isDecision: boolean) => {
    // Any script of the origin can write here.
    if (!isPluginId(id)) return;
    for (const listener of [...listeners]) {
      try {
        listener(id, isDecision);
      } catch (error) {
        reportError(error); // as for a DOM event: the others are still told
      }
    }
  };

  channel.onmessage = ({ data }) => {
    if (typeof data === 'object' && data !== null && 'decided' in data) tell(data.decided, true);
    else tell(data, false);
  };
  return {
    announce: (id) => channel.postMessage(id),
    // Versions of Cloche that know only of ids pass over it.
    announceDecision: (decided) => channel.postMessage({ decided }),
    listen(listener) {
      // A function of its own for each call, so that one listener given twice is two.
      const own: ChangeListener = (id, isDecision) => listener(id, isDecision);
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
