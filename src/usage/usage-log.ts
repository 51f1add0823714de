// Counts what plugins do beyond the page: hears the host, and adds what is new to storage at most once a second. Comes late: only a
// host with `usage` has one.

import type { HostEventTarget } from '../events.ts';
import { bucketOf, emptyDurations } from '../runtime/call-durations.ts';
import type { PluginStats } from '../runtime/runner-stats.ts';
import { asyncDispose, dispose } from '../util/dispose.ts';
import { Timer } from '../util/time/timer.ts';
import { percentileOf } from './percentile.ts';
import { type LastKill, noUsage, plusUsage, type UsageRecord, UsageStore } from './usage-store.ts';

const INTERVAL_MS = 1_000;

/** What the log needs of a plugin. */
interface CountedPlugin {
  readonly id: string;
  readonly installation: string;
  readonly stats: PluginStats;
  readonly settings: { readonly temporary: boolean };
}

interface CountedHost extends HostEventTarget {
  readonly plugins: readonly CountedPlugin[];
}

/** What a plugin has done since counting began, in all pages and tabs. Durations are in ms. */
export interface PluginUsage {
  /** When counting began, in ms since 1970. */
  readonly since: number;
  readonly calls: number;
  /** How many of these rejected, by a kill or otherwise. */
  readonly failures: number;
  /** How often its worker was ended for what it did, by the code of the error. */
  readonly kills: ReadonlyMap<string, number>;
  /** Host calls that were allowed, whatever came of them. */
  readonly allowed: number;
  /** Host calls that were denied. */
  readonly denied: number;
  /** Half of its calls took no longer, to a fifth of it; undefined before the first that came back. */
  readonly p50: number | undefined;
  /** 95 of 100 calls took no longer, likewise. */
  readonly p95: number | undefined;
  /** The most that a module of it was seen to have at the end of a call, in bytes. */
  readonly peakMemoryBytes: number;
  /** When its last call ended, in ms since 1970; undefined before the first. */
  readonly lastCallAt: number | undefined;
  /** How long its last start took; undefined before the first. */
  readonly startMs: number | undefined;
  /** The newest of its kills. */
  readonly lastKill: LastKill | undefined;
}

/** What was counted of a plugin in this page already. */
interface Seen {
  readonly installation: string;
  readonly calls: number;
  readonly failures: number;
  readonly durations: readonly number[];
}

export class UsageLog {
  readonly #host: CountedHost;
  readonly #store: UsageStore;
  readonly #over = new AbortController();
  readonly #seen = new Map<string, Seen>();
  /** By installation: what is not stored yet. */
  readonly #new = new Map<string, UsageRecord>();
  /** Installation of each plugin that was there when something was last told, by id. */
  readonly #installations = new Map<string, string>();
  /** Installations that end with this page: nobody could ask for their numbers later. */
  readonly #temporary = new Set<string>();
  #timer: Timer | undefined;
  #turn: Promise<void> = Promise.resolve();

  /** @internal Use the option `usage` of `createHost`. */
  constructor(host: CountedHost, storage: string) {
    this.#host = host;
    this.#store = new UsageStore(storage);
    const { signal } = this.#over;
    this.#note();
    host.addEventListener('pluginchange', ({ plugin, change }) => {
      if (change === 'called') this.#count(plugin);
      if (change === 'uninstalled') this.#forget(plugin);
      this.#note();
    });
    host.addEventListener('hostcall', ({ record }) => {
      const count = record.leasedCalls ?? 1;
      const isDenied = record.outcome === 'PERMISSION_DENIED';
      this.#add(record.plugin, isDenied ? { denied: count } : { hostCalls: count });
    });
    host.addEventListener('kill', ({ record }) => {
      const durations = emptyDurations();
      if (record.exportName !== undefined) durations[bucketOf(record.afterMs)] = 1;
      const { code, time, exportName } = record;
      this.#add(record.plugin, { kills: new Map([[code, 1]]), durations, lastKill: { code, time, exportName } });
    });
    // What is left then may be all that is left ever.
    globalThis.addEventListener?.('pagehide', () => void this.flush(), { signal });
    globalThis.document?.addEventListener('visibilitychange', () => document.hidden && void this.flush(), { signal });
  }

  /** @throws {ClocheError} STORAGE_FAILED */
  async of(plugin: { readonly installation: string }): Promise<PluginUsage> {
    await this.flush();
    const stored = await this.#store.get(plugin.installation);
    const unstored = this.#new.get(plugin.installation);
    const sum = stored && unstored ? plusUsage(stored, unstored) : (stored ?? unstored ?? noUsage(Date.now()));
    const { hostCalls: allowed, durations, lastCallAt, ...rest } = sum;
    const [p50, p95] = [percentileOf(durations, 0.5), percentileOf(durations, 0.95)];
    return { ...rest, allowed, p50, p95, lastCallAt: lastCallAt || undefined };
  }

  /** Writes what waits. Never rejects: what could not be written waits on. */
  flush(): Promise<void> {
    this.#timer?.[dispose]();
    this.#timer = undefined;
    // Listeners hear of a call a frame later, and that may not come.
    for (const { id } of this.#host.plugins) this.#count(id);
    this.#turn = this.#turn.then(() => this.#write());
    return this.#turn;
  }

  /** @internal Writes what waits, and lets go. */
  async [asyncDispose](): Promise<void> {
    this.#over.abort();
    await this.flush();
    this.#timer?.[dispose]();
    this.#store.close();
  }

  #count(id: string): void {
    const plugin = this.#host.plugins.find((one) => one.id === id);
    if (!plugin) return;
    const { installation, stats } = plugin;
    const { durations } = stats;
    const last = this.#seen.get(id);
    const before = last?.installation === installation ? last : { calls: 0, failures: 0, durations: emptyDurations() };
    if (stats.calls === before.calls && stats.failures === before.failures) return;
    this.#seen.set(id, {
      installation,
      calls: stats.calls,
      failures: stats.failures,
      durations: [...durations],
    });
    this.#add(id, {
      // A call that was forgotten is taken back: there are never less of them than there were.
      calls: Math.max(0, stats.calls - before.calls),
      failures: Math.max(0, stats.failures - before.failures),
      durations: durations.map((count, at) => Math.max(0, count - (before.durations[at] ?? 0))),
      peakMemoryBytes: stats.use?.memoryBytes ?? 0,
      lastCallAt: Date.now(),
      startMs: stats.startMs,
    });
  }

  #add(id: string, counted: Partial<UsageRecord>): void {
    const plugin = this.#host.plugins.find((one) => one.id === id);
    if (!plugin) return;
    const { installation, settings } = plugin;
    if (settings.temporary) this.#temporary.add(installation);
    const now = noUsage(Date.now());
    this.#new.set(installation, plusUsage(this.#new.get(installation) ?? now, { ...now, ...counted }));
    if (!this.#over.signal.aborted) this.#timer ??= new Timer(INTERVAL_MS, () => void this.flush());
  }

  /** Of what is not installed any more nothing is kept, whichever tab has removed it: the next of its id is another. */
  #forget(id: string): void {
    this.#seen.delete(id);
    const installation = this.#installations.get(id);
    this.#installations.delete(id);
    if (installation === undefined || this.#host.plugins.some((one) => one.installation === installation)) return;
    this.#new.delete(installation);
    // Where it cannot be deleted it is numbers that nobody reads.
    this.#turn = this.#turn.then(() => this.#store.forget(installation)).catch(() => undefined);
  }

  /** By the time that one is gone nobody says any more which it was. */
  #note(): void {
    for (const { id, installation } of this.#host.plugins) this.#installations.set(id, installation);
  }

  async #write(): Promise<void> {
    const waiting = new Map([...this.#new].filter(([installation]) => !this.#temporary.has(installation)));
    if (waiting.size === 0) return;
    for (const installation of waiting.keys()) this.#new.delete(installation);
    try {
      await this.#store.add(waiting);
    } catch {
      // It is added to what came meanwhile, and tried again with that: numbers are no reason to disturb anybody.
      for (const [installation, record] of waiting) {
        const newer = this.#new.get(installation);
        this.#new.set(installation, newer ? plusUsage(record, newer) : record);
      }
    }
  }
}
