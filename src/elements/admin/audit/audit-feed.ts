// The rows of the list as they come: what the host has kept, what it tells as it happens, and what people did, which nobody tells.

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { HostCallEvent, KillEvent, LogEvent } from '../../../events.ts';
import type { AuditEntry } from '../../../index.ts';
import type { AdminHost } from '../base/admin-host.ts';
import { Latest, type Read } from '../base/latest.ts';
import { type AuditRow, rowOf, storedRow, textsOf } from './audit-rows.ts';

/** Rows that are kept; the oldest go first. */
const MOST_ROWS = 5_000;
/** Entries of the audit that are read, the latest. */
const MOST_STORED = 2_000;
/** Calls a second of which it is kept what they carried. */
const MOST_CONTENTS = 50;
/** Between two looks at what has come, and before what people did is read again, in ms. */
const SOON_MS = 100;
const READ_MS = 500;

export class AuditFeed implements ReactiveController {
  readonly #element: ReactiveControllerHost;
  readonly #isReading: () => boolean;
  readonly #stored: Latest<readonly AuditRow[]>;
  #host: AdminHost | undefined;
  /** Id of the only plugin that is shown; empty for all. */
  #plugin = '';
  /** Newest first. */
  #rows: readonly AuditRow[] = [];
  #cut = 0;
  /** What has come and is not shown yet, oldest first. */
  #waiting: AuditRow[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #readTimer: ReturnType<typeof setTimeout> | undefined;
  #since = 0;
  /** How often it has begun: what was asked for before that is of another list. */
  #begun = 0;
  #contents = { second: 0, count: 0 };

  /** @param isReading whether somebody would lose their place by rows that come */
  constructor(element: ReactiveControllerHost, isReading: () => boolean) {
    this.#element = element;
    this.#isReading = isReading;
    this.#stored = new Latest(element);
    element.addController(this);
  }

  /** Newest first. */
  get rows(): readonly AuditRow[] {
    return this.#rows;
  }

  /** How many rows were too many. */
  get cut(): number {
    return this.#cut;
  }

  /** How many have come that are not shown yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** What the audit has stored. */
  get stored(): Read<readonly AuditRow[]> {
    return this.#stored.read;
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#readTimer);
    this.#timer = undefined;
  }

  /** Begins anew. @param plugin id of the only one that is shown; empty for all */
  begin(host: AdminHost | undefined, plugin: string): void {
    const begun = ++this.#begun;
    this.#host = host;
    this.#plugin = plugin;
    this.#rows = [];
    this.#waiting = [];
    this.#cut = 0;
    this.#stored.forget();
    if (!host?.may('logs')) return;
    this.#since = Date.now();
    const logs = host.logs(plugin || undefined).map((log) => rowOf({ kind: 'log', log }));
    this.#rows = logs.toReversed().slice(0, MOST_ROWS);
    const { audit } = host;
    if (!audit) return;
    const filter = { limit: MOST_STORED, ...(plugin && { plugin }) };
    void this.#stored.from(async () => {
      // What is told as it happens is here already; an act of this very moment is not.
      const isOld = (entry: AuditEntry): boolean =>
        entry.kind === 'act' ? !this.#has(entry) : entry.time < this.#since;
      const before = await collected(audit.entries(filter), isOld);
      if (begun === this.#begun) this.#rows = merged(this.#rows, before);
      return before;
    });
  }

  /** Takes what the host tells. */
  take(event: Event): void {
    const row = this.#rowOf(event);
    if (this.#plugin !== '' && row.plugin !== this.#plugin) return;
    this.#waiting.push(row);
    if (this.#waiting.length > MOST_ROWS) this.#waiting = this.#waiting.slice(-MOST_ROWS);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (this.#isReading()) this.#element.requestUpdate();
      else this.showWaiting();
    }, SOON_MS);
  }

  showWaiting(): void {
    const all = [...this.#waiting.toReversed(), ...this.#rows];
    this.#waiting = [];
    this.#cut += Math.max(0, all.length - MOST_ROWS);
    this.#rows = all.slice(0, MOST_ROWS);
    this.#element.requestUpdate();
  }

  /** Acts are told by nobody when they happen. */
  readActsSoon(): void {
    clearTimeout(this.#readTimer);
    this.#readTimer = setTimeout(() => this.#readActs(), READ_MS);
  }

  #readActs(): void {
    const audit = this.#host?.may('logs') ? this.#host.audit : undefined;
    if (!audit) return;
    const [since, begun] = [this.#since, this.#begun];
    void this.#stored.from(async () => {
      const filter = { since, ...(this.#plugin && { plugin: this.#plugin }) };
      const isNew = (entry: AuditEntry): boolean => entry.kind === 'act' && entry.time >= since && !this.#has(entry);
      const news = await collected(audit.entries(filter), isNew);
      if (news.length > 0 && begun === this.#begun) this.#rows = merged(this.#rows, news);
      return news;
    });
  }

  #has({ order }: AuditEntry): boolean {
    return this.#rows.some(({ record }) => record.kind === 'stored' && record.entry.order === order);
  }

  #rowOf(event: Event): AuditRow {
    if (event.type === 'log') return rowOf({ kind: 'log', log: (event as LogEvent).record });
    if (event.type === 'kill') return rowOf({ kind: 'kill', kill: (event as KillEvent).record });
    const { record: call, content } = event as HostCallEvent;
    // Only now: the bytes go on to the plugin.
    const carried = content && this.#hasRoom() ? textsOf(content()) : undefined;
    return rowOf({ kind: 'call', call, sent: carried?.sent, answered: carried?.answered ?? [] });
  }

  #hasRoom(): boolean {
    const second = Math.floor(performance.now() / 1_000);
    if (this.#contents.second !== second) this.#contents = { second, count: 0 };
    this.#contents.count++;
    return this.#contents.count <= MOST_CONTENTS;
  }
}

async function collected(
  entries: AsyncIterable<AuditEntry>,
  isWanted: (entry: AuditEntry) => boolean,
): Promise<readonly AuditRow[]> {
  const rows: AuditRow[] = [];
  for await (const entry of entries) if (isWanted(entry)) rows.push(storedRow(entry));
  return rows.reverse();
}

/** Newest first; what was lost nobody knows when is the oldest. */
function merged(rows: readonly AuditRow[], others: readonly AuditRow[]): readonly AuditRow[] {
  return [...rows, ...others].sort((a, b) => b.time - a.time).slice(0, MOST_ROWS);
}
