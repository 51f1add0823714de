// Runs the exports that plugins want to have called again and again, while a page is open: in one tab of all.

import { DeliveryEvent } from '../events.ts';
import type { Schedule } from '../manifest/contributions.ts';
import { dispose } from '../util/dispose.ts';
import { callHandler } from './call-handler.ts';
import type { ExtensionContext, ExtensionPlugin } from './context.ts';
import { TabLeader } from './tab-leader.ts';

export type ScheduleContext = Pick<ExtensionContext, 'storage' | 'say' | 'dispatch'> & {
  readonly host: { readonly durable: boolean; readonly plugins: readonly ExtensionPlugin[] };
};

/** Shorter intervals are rounded up to it. */
const TICK_MS = 30_000;

interface Entry {
  readonly plugin: ExtensionPlugin;
  readonly schedule: Schedule;
  /** Milliseconds since 1970. */
  dueAt: number;
  isRunning: boolean;
}

export class Schedules implements Disposable {
  readonly #context: ScheduleContext;
  #tabLeader: TabLeader | undefined;
  readonly #entries = new Map<string, Entry>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #closed = false;

  constructor(context: ScheduleContext) {
    this.#context = context;
  }

  /** Looks which plugins have schedules now. A new one, or one of a plugin that was off, runs one interval from here. */
  refresh(): void {
    if (this.#closed) return;
    const present = new Set<string>();
    for (const plugin of this.#context.host.plugins.filter(({ active }) => active)) {
      for (const schedule of plugin.contributed.schedules) present.add(this.#enter(plugin, schedule));
    }
    for (const key of this.#entries.keys()) if (!present.has(key)) this.#entries.delete(key);
    this.#keepTime();
  }

  [dispose](): void {
    this.#closed = true;
    this.#entries.clear();
    this.#keepTime();
  }

  #enter(plugin: ExtensionPlugin, schedule: Schedule): string {
    const { id, everyMs, handler } = schedule;
    const key = JSON.stringify([plugin.id, id, everyMs, handler]);
    const known = this.#entries.get(key);
    if (known?.plugin !== plugin) {
      this.#entries.set(key, { plugin, schedule, dueAt: Date.now() + everyMs, isRunning: false });
    }
    return key;
  }

  /** A timer and a lock only where there is something to run: both keep a page from being frozen in the background. */
  #keepTime(): void {
    const entries = [...this.#entries.values()];
    if (entries.some(({ plugin }) => this.#isShared(plugin))) {
      this.#tabLeader ??= new TabLeader(`cloche:${this.#context.storage}-schedules`);
    } else {
      this.#tabLeader?.[dispose]();
      this.#tabLeader = undefined;
    }
    if (entries.length > 0) this.#timer ??= setInterval(() => this.#tick(), TICK_MS);
    else {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  }

  #tick(): void {
    const now = Date.now();
    for (const entry of this.#entries.values()) {
      if (entry.dueAt > now || entry.isRunning) continue;
      // From when it was due: after a tick that comes a moment late, the next one would be too early for it. Anew where the page
      // was away for longer.
      entry.dueAt = (now - entry.dueAt < TICK_MS ? entry.dueAt : now) + entry.schedule.everyMs;
      // Tabs that do not run it keep time with the one that does, and can take over.
      if (this.#tabLeader?.leads || !this.#isShared(entry.plugin)) void this.#run(entry);
    }
  }

  /** Whether other tabs have it too, and one of them all is to run it. */
  #isShared({ installedAt }: ExtensionPlugin): boolean {
    return this.#context.host.durable && installedAt !== undefined;
  }

  async #run(entry: Entry): Promise<void> {
    const { plugin, schedule } = entry;
    const { id, handler } = schedule;
    const at = new Date().toISOString();
    const input = plugin.dialect.handlers?.schedule(schedule, { plugin: plugin.id, at });
    entry.isRunning = true;
    const outcome = await callHandler(plugin, handler, input ?? { input: { schedule: id, at } });
    entry.isRunning = false;
    const { error } = outcome;
    if (error) this.#context.say(plugin.id, 'error', `Schedule ${JSON.stringify(id)} failed: ${error.message}`);
    this.#context.dispatch(new DeliveryEvent(Object.freeze({ ...outcome, schedule: id })));
  }
}
