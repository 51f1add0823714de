// What the instances of one plugin share, and by which handles each of them knows it.

import type { HostCallContext } from '../../../capabilities/host-function.ts';
import { ClocheError } from '../../../errors.ts';
import { Budget } from '../../../runtime/wire/abi/budget.ts';
import type { Channel } from '../../../runtime/wire/abi/channel.ts';
import { Mounts } from '../../../runtime/wire/abi/mounts.ts';

/** All of one instance together; each is an object of the page. */
const MOST_HANDLES = 65_536;

/** Something that a handle stands for. */
export interface Shared {
  readonly kind: 'shared-buffer' | 'read-channel' | 'write-channel' | 'rope';
  readonly value: unknown;
  release(): void;
}

/** An instance, as far as it can be called. */
export type Caller = HostCallContext['instance'];

/** What one plugin shares. */
export class PluginExchange {
  readonly budget: Budget;
  readonly mounts = new Map<Shared['kind'], Mounts<Shared>>();
  readonly channels = new Set<Channel<number>>();
  readonly instances = new Map<number, InstanceExchange>();
  /** None of its instances is left. */
  isOver = false;
  readonly #told: () => void;
  #waiting: (() => void)[] = [];

  /** @param told is called after each change, for guests that wait for one */
  constructor(most: number, told: (plugin: PluginExchange) => void) {
    this.budget = new Budget(most);
    this.#told = () => told(this);
  }

  /** Settles when a channel may have changed. */
  changed(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  /** A channel may have changed: whoever waits in the page goes on, and guests are called. */
  tell(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
    this.#told();
  }

  mountsOf(kind: Shared['kind']): Mounts<Shared> {
    const known = this.mounts.get(kind) ?? new Mounts<Shared>();
    this.mounts.set(kind, known);
    return known;
  }
}

/** What one of its instances holds. */
export class InstanceExchange {
  readonly caller: Caller;
  readonly plugin: PluginExchange;
  readonly log: HostCallContext['log'];
  readonly #ended = new AbortController();
  readonly #held = new Map<number, Shared>();
  #last = 0;

  constructor(plugin: PluginExchange, { instance, log }: HostCallContext) {
    this.plugin = plugin;
    this.caller = instance;
    this.log = log;
  }

  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  /** What there is no room for is let go of: nobody knows it. */
  add(shared: Shared): number {
    if (this.#held.size >= MOST_HANDLES) {
      shared.release();
      throw wrong(`holds ${MOST_HANDLES} resources and has dropped none`);
    }
    this.#held.set(++this.#last, shared);
    return this.#last;
  }

  get(handle: bigint, kind: Shared['kind']): Shared {
    const shared = this.#held.get(Number(handle));
    if (shared?.kind === kind) return shared;
    throw wrong(`has no ${kind} of the number ${handle}`);
  }

  take(handle: bigint, kind: Shared['kind']): Shared {
    const shared = this.get(handle, kind);
    this.#held.delete(Number(handle));
    return shared;
  }

  end(): void {
    for (const shared of this.#held.values()) shared.release();
    this.#held.clear();
    for (const channel of this.plugin.channels) channel.forget(this.caller.id);
    this.#ended.abort();
  }
}

export function wrong(what: string): ClocheError {
  return new ClocheError('EXPORT_INVALID', `the guest ${what}`);
}
