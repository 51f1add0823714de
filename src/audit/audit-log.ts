// The audit of a host: notes host calls and what people do, and writes that down at most once a second. Comes late: only a host
// with `audit` has one. What reads it comes later still.

import { ClocheError, type ErrorCode, messageOf } from '../errors.ts';
import type { HostEventTarget, KillRecord } from '../events.ts';
import type { AskPermission } from '../permissions/ask.ts';
import { asyncDispose, dispose } from '../util/dispose.ts';
import { loadChunk } from '../util/load-chunk.ts';
import { visibleText } from '../util/text/visible-text.ts';
import { Timer } from '../util/time/timer.ts';
import type { Act, Perform } from './act.ts';
import { detailOf } from './act-detail.ts';
import { AuditBuffer } from './audit-buffer.ts';
import type { ActEntry, AuditEntry, KillEntry, Loss, NewEntry } from './audit-entry.ts';
import { checkedAudit } from './audit-options.ts';
import { AuditStore } from './audit-store.ts';
import type { AuditFilter } from './read-log.ts';
import { redacted } from './redacted.ts';

/** Between two transactions, in ms; after a failed one twice as long each time, up to the other. */
const INTERVAL_MS = 1_000;
const MOST_INTERVAL_MS = 60_000;
const MOST_NAME_BYTES = 200;
const MOST_MESSAGE_BYTES = 1_000;

/** What the audit asks of its host. */
interface AuditedHost {
  /** @throws {ClocheError} FORBIDDEN */
  assertMayRead(this: void): void;
  /** The text without the plugin's secrets. */
  redact(this: void, plugin: string, text: string): string;
}

/** How it stands with what is not stored. */
export interface AuditStatus {
  /** Entries that wait. */
  readonly waiting: number;
  /** What was lost since the last successful write, which the log will tell. */
  readonly lost: Loss;
  /** Failed writes since the host was made; each is tried again. */
  readonly failedWrites: number;
  /** Of the last write, where it failed. */
  readonly error: ClocheError | undefined;
}

export class AuditLog {
  readonly #options;
  readonly #store: AuditStore;
  readonly #buffer = new AuditBuffer();
  readonly #over = new AbortController();
  #assertMayRead: AuditedHost['assertMayRead'] = () => undefined;
  #redact: AuditedHost['redact'] = (_, text) => text;
  #timer: Timer | undefined;
  #intervalMs = INTERVAL_MS;
  #turn: Promise<void> = Promise.resolve();
  #failedWrites = 0;
  #error: ClocheError | undefined;

  /** @internal @throws {ClocheError} OPTION_INVALID */
  constructor(given: unknown, storage: string) {
    this.#options = checkedAudit(given);
    this.#store = new AuditStore(storage, this.#options);
  }

  /** @internal From now on, what a host tells of host calls. */
  follow(host: HostEventTarget, { assertMayRead, redact }: AuditedHost): void {
    this.#assertMayRead = assertMayRead;
    this.#redact = redact;
    const { signal } = this.#over;
    host.addEventListener('hostcall', ({ record }) => {
      this.#buffer.call(record);
      this.#writeSoon();
    });
    host.addEventListener('kill', ({ record }) => {
      this.#buffer.add(killEntry(record));
      this.#writeSoon();
    });
    // What is left then may be all that is left ever.
    globalThis.addEventListener?.('pagehide', () => void this.flush(), { signal });
    globalThis.document?.addEventListener('visibilitychange', () => document.hidden && void this.flush(), { signal });
  }

  get status(): AuditStatus {
    const { size: waiting, lost } = this.#buffer;
    return { waiting, lost, failedWrites: this.#failedWrites, error: this.#error };
  }

  /**
   * What happened, in its order; what the log has lost is told where it is missing.
   * @throws {ClocheError} FORBIDDEN where `trust.can` denies it; STORAGE_FAILED; OPTION_INVALID for a filter that is none; CLOSED
   */
  async *entries(filter?: AuditFilter): AsyncGenerator<AuditEntry, undefined> {
    this.#assertMayRead();
    // It would open the database again, which nobody would close.
    if (this.#over.signal.aborted) throw new ClocheError('CLOSED', 'The host is closed; read its audit before that');
    await this.flush();
    const { readLog } = await loadChunk(() => import('./read-log.ts'));
    yield* readLog(this.#store, filter);
  }

  /** The same as lines of JSON. @throws as {@link entries} */
  async export(filter?: AuditFilter): Promise<Blob> {
    const lines: string[] = [];
    for await (const entry of this.entries(filter)) lines.push(`${JSON.stringify(entry)}\n`);
    return new Blob(lines, { type: 'application/x-ndjson' });
  }

  /** Writes what waits. Never rejects: what could not be written waits on, and `status` says so. */
  flush(): Promise<void> {
    this.#timer?.[dispose]();
    this.#timer = undefined;
    this.#turn = this.#turn.then(() => this.#write());
    return this.#turn;
  }

  /** @internal */
  watch: Perform = async (act, work) => {
    // Before the app can change what it gave.
    const given = detailOf(act.given);
    try {
      const result = await work();
      this.#note(act, 'ok', { ...given, ...versionOf(result) }, idOf(result));
      return result;
    } catch (thrown) {
      const isOurs = thrown instanceof ClocheError;
      this.#note(act, isOurs ? thrown.code : 'failed', given, isOurs ? thrown.plugin : undefined);
      throw thrown;
    }
  };

  /** @internal */
  asked(ask: AskPermission): AskPermission {
    return async (question, signal) => {
      const { plugin, request } = question;
      const act = { name: 'answer', plugin: plugin.id } as const;
      const asked = { capability: request.capability };
      try {
        const answer = await ask(question, signal);
        // Nobody hears it any more.
        if (!signal.aborted) this.#note(act, 'ok', { ...asked, answer: String(answer) });
        return answer;
      } catch (thrown) {
        this.#note(act, 'failed', asked);
        throw thrown;
      }
    };
  }

  /** @internal Writes what waits, and lets go. */
  async [asyncDispose](): Promise<void> {
    this.#over.abort();
    await this.flush();
    this.#timer?.[dispose]();
    this.#store.close();
  }

  #note(
    { name, plugin }: Act,
    outcome: 'ok' | ErrorCode | 'failed',
    detail: NonNullable<ActEntry['detail']>,
    id = plugin,
  ): void {
    const who = this.#who();
    const hasDetail = Object.keys(detail).length > 0;
    this.#buffer.add({
      kind: 'act',
      time: Date.now(),
      act: name,
      ...(who !== undefined && { who }),
      ...(id !== undefined && { plugin: id }),
      outcome,
      ...(hasDetail && { detail }),
    });
    this.#writeSoon();
  }

  /** What is no name is told from nobody. */
  #who(): string | undefined {
    const { who } = this.#options;
    if (!who) return undefined;
    try {
      const name: unknown = who();
      return typeof name === 'string' ? visibleText(name, MOST_NAME_BYTES) : '(`audit.who` gave no text)';
    } catch {
      return '(`audit.who` has thrown)';
    }
  }

  /** What the app wants nobody to read comes after the secrets of the plugin, which nobody may. */
  #redactorOf(entry: NewEntry): (text: string) => string {
    const { redact = (text) => text } = this.#options;
    const plugin = 'plugin' in entry ? entry.plugin : undefined;
    return plugin === undefined ? redact : (text) => redact(this.#redact(plugin, text));
  }

  #writeSoon(): void {
    if (this.#over.signal.aborted) return;
    this.#timer ??= new Timer(this.#intervalMs, () => void this.flush());
  }

  async #write(): Promise<void> {
    const taken = this.#buffer.take();
    const { entries, lost } = taken;
    const all: readonly NewEntry[] = lost.entries > 0 ? [...entries, missing(lost)] : entries;
    if (all.length === 0) return;
    try {
      await this.#store.append(all.map((entry) => redacted(entry, this.#redactorOf(entry))));
      this.#intervalMs = INTERVAL_MS;
      this.#error = undefined;
    } catch (thrown) {
      this.#failedWrites++;
      this.#error = asFailure(thrown);
      this.#buffer.giveBack(taken);
      this.#intervalMs = Math.min(2 * this.#intervalMs, MOST_INTERVAL_MS);
      this.#writeSoon();
    }
  }
}

/** Whatever it was: one write that throws must not keep the next ones, nor the end of the host, from being done. */
function asFailure(cause: unknown): ClocheError {
  if (cause instanceof ClocheError) return cause;
  return new ClocheError('STORAGE_FAILED', `The audit could not be written: ${messageOf(cause)}`, { cause });
}

function missing({ entries, calls }: Loss): NewEntry {
  return { kind: 'dropped', time: Date.now(), reason: 'memory', entries, calls };
}

/** An export's name is its plugin's, and so may be what the message quotes. */
function killEntry({ plugin, time, code, message, exportName, afterMs }: KillRecord): Omit<KillEntry, 'order'> {
  return {
    kind: 'kill',
    time,
    plugin,
    code,
    message: visibleText(message, MOST_MESSAGE_BYTES),
    ...(exportName !== undefined && { exportName: visibleText(exportName, MOST_NAME_BYTES) }),
    afterMs,
  };
}

/** Of a plugin that was installed. */
function idOf(result: unknown): string | undefined {
  return typeof result === 'object' && result !== null && 'id' in result ? String(result.id) : undefined;
}

function versionOf(result: unknown): { version?: string } {
  const manifest = (result as { manifest?: { version?: unknown } } | null | undefined)?.manifest;
  return typeof manifest?.version === 'string' ? { version: visibleText(manifest.version, 100) } : {};
}
