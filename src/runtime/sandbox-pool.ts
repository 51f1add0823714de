// Which plugins live in a sandbox now: at most so many, one spare kept warm, and the one idle longest sleeps first.

import { ClocheError } from '../errors.ts';
import type { Ground } from './environment.ts';
import { frameRemoved } from './isolation/frame-guard.ts';
import type { Home } from './isolation/worker-host.ts';
import { Sandbox } from './sandbox.ts';

/** A plugin that holds a sandbox. */
export interface Tenant {
  /** Gives the sandbox back; called only while the tenant is idle. */
  sleep(): void;
}

/** Chromium keeps the thread of a spinning worker about 2 s after `terminate()`, so its place stays taken a while. */
const ZOMBIE_MS = 2_500;

export class Roster {
  readonly #ground: Ground;
  readonly #live: number;
  readonly #idleMs: number;
  readonly #idle = new Map<Tenant, ReturnType<typeof setTimeout>>();
  readonly #tenants = new Set<Tenant>();
  readonly #zombies = new Set<ReturnType<typeof setTimeout>>();
  readonly #waiting = new Set<() => void>();
  #home: Promise<Home> | undefined;
  #spare: Sandbox | undefined;
  #closed = false;

  constructor(ground: Ground, live: number, idleMs: number) {
    this.#ground = ground;
    this.#live = live;
    this.#idleMs = idleMs;
  }

  /** Opens the cell and warms the spare, so that the first plugin finds a worker ready. */
  async warm(): Promise<void> {
    this.#fillSpare(await this.home());
  }

  /** The cell; a failed opening is forgotten, so that the next start tries again. */
  home(): Promise<Home> {
    if (this.#closed)
      return Promise.reject(new ClocheError('CLOSED', 'The host is closed; make a new one with `createHost`'));
    this.#home ??= this.#ground.openHome();
    const opening = this.#home;
    const forget = (): void => {
      if (this.#home === opening) this.#home = undefined;
    };
    return opening.then(
      (home) => {
        if (home.alive) return home;
        // The page has thrown the cell out. Its workers are gone with it, and so is the spare.
        forget();
        this.#spare?.end(frameRemoved());
        return this.home();
      },
      (thrown) => {
        forget();
        throw thrown;
      },
    );
  }

  /**
   * A fresh sandbox for a tenant. Waits for a free place; an idle tenant is put to sleep for it.
   * @throws {ClocheError} CLOSED; the signal's reason, when it is aborted while it waits
   */
  async acquire(tenant: Tenant, signal: AbortSignal): Promise<Sandbox> {
    while (this.#tenants.size + this.#zombies.size >= this.#live) {
      const [longestIdle] = this.#idle.keys();
      if (longestIdle) longestIdle.sleep();
      else await this.#freePlace(signal);
      signal.throwIfAborted();
    }
    this.#tenants.add(tenant);
    try {
      const home = await this.home();
      signal.throwIfAborted();
      const sandbox = this.#spare?.alive ? this.#spare : this.#make(home);
      this.#spare = undefined;
      // After the plugin has been started: two workers booting at once only slow each other.
      setTimeout(() => this.#fillSpare(home), 50);
      return sandbox;
    } catch (thrown) {
      this.vacate(tenant);
      throw thrown;
    }
  }

  /** The tenant has nothing to do: it may be put to sleep. Maps keep their order, so the first is idle longest. */
  rest(tenant: Tenant): void {
    this.wake(tenant);
    this.#idle.set(
      tenant,
      setTimeout(() => tenant.sleep(), this.#idleMs),
    );
    this.#next();
  }

  /** The tenant has something to do: it must not be put to sleep. */
  wake(tenant: Tenant): void {
    clearTimeout(this.#idle.get(tenant));
    this.#idle.delete(tenant);
  }

  /** The tenant's sandbox is gone. `spinning` when it was ended while its guest ran. */
  vacate(tenant: Tenant, spinning = false): void {
    this.wake(tenant);
    if (!this.#tenants.delete(tenant)) return;
    if (spinning) {
      const timer = setTimeout(() => {
        this.#zombies.delete(timer);
        this.#next();
      }, ZOMBIE_MS);
      this.#zombies.add(timer);
    }
    this.#next();
  }

  /** Workers at present, the spare included. */
  async population(): Promise<number> {
    return (await this.#home)?.population ?? 0;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of [...this.#idle.values(), ...this.#zombies]) clearTimeout(timer);
    this.#idle.clear();
    this.#zombies.clear();
    this.#tenants.clear();
    this.#next();
    this.#spare?.end(new ClocheError('CLOSED', 'the host was closed'));
    const home = this.#home;
    this.#home = undefined;
    // A cell that never opened has nothing to close, and its caller was told why.
    await home?.then(
      (opened) => opened.close(),
      () => undefined,
    );
  }

  #make(home: Home): Sandbox {
    return new Sandbox(home, this.#ground.openWaiting());
  }

  #fillSpare(home: Home): void {
    if (this.#closed || !home.alive || this.#spare?.alive) return;
    // One whose cell was thrown out still holds its way of waiting.
    this.#spare?.end(frameRemoved());
    this.#spare = this.#make(home);
  }

  #freePlace(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const resume = (): void => {
        this.#waiting.delete(resume);
        signal.removeEventListener('abort', resume);
        resolve();
      };
      this.#waiting.add(resume);
      signal.addEventListener('abort', resume, { once: true });
    });
  }

  /** All look again, in the order in which they came: the first takes the place. */
  #next(): void {
    for (const resume of [...this.#waiting]) resume();
  }
}
