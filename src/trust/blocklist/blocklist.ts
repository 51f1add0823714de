// The blocklist of a host: what is stored of it holds from the start, and whatever newer one is found. An older one, or none that
// can be read, takes nothing back.

import { ClocheError } from '../../errors.ts';
import { dispose } from '../../util/dispose.ts';
import type { JudgedPlugin, Publishers } from '../trust.ts';
import { BlockRules, blockedError } from './block-rules.ts';
import { failed, readBlocklist } from './blocklist-document.ts';
import type { CheckedBlocklist } from './blocklist-options.ts';
import type { BlocklistState } from './blocklist-state.ts';
import { BlocklistStore, type StoredList } from './blocklist-store.ts';
import { fetchBlocklist } from './fetch-blocklist.ts';
import { watchPage } from './watch-page.ts';

/** How long a start waits for the first look, in ms: longer, and the list comes when it comes. */
const PATIENCE_MS = 2_000;

interface KnownList extends StoredList {
  readonly rules: BlockRules;
}

export class Blocklist implements Disposable {
  readonly #options: CheckedBlocklist;
  readonly #publishers: Publishers;
  readonly #source: string;
  readonly #store: BlocklistStore;
  readonly #ended = new AbortController();
  readonly #changed: () => void;
  #known: KnownList | 'unreadable' | undefined;
  #checkedAt: number | undefined;
  #error: ClocheError | undefined;
  /** Tells other tabs of a list, and hears of theirs. */
  #channel: BroadcastChannel | undefined;
  readonly #name: string;
  #look: Promise<void> | undefined;

  /** @param changed told when another list holds */
  constructor(options: CheckedBlocklist, publishers: Publishers, storage: string, changed: () => void) {
    this.#options = options;
    this.#publishers = publishers;
    this.#source = `${options.publisher ?? ''} ${options.url.href}`;
    this.#store = new BlocklistStore(storage);
    this.#changed = changed;
    this.#name = `${storage}-trust`;
  }

  /** Resolves when what is stored holds, and the first look is over or takes too long. */
  async start(): Promise<void> {
    this.#channel = channel(this.#name);
    // Any script of the origin can write here: it is a hint to look, and no list.
    this.#channel?.addEventListener('message', () => void this.#readStored());
    watchPage(() => void this.check(), this.#options.everyMs, this.#ended.signal);
    await this.#readStored();
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, PATIENCE_MS);
    await Promise.race([this.check(), late]);
    clearTimeout(timer);
  }

  get state(): BlocklistState {
    const known = this.#known === 'unreadable' ? undefined : this.#known;
    return { sequence: known?.sequence, checkedAt: this.#checkedAt, error: this.#error };
  }

  /** @returns why a plugin is blocked, or undefined */
  blocked(plugin: JudgedPlugin): ClocheError | undefined {
    if (this.#known !== 'unreadable') return this.#known?.rules.blocked(plugin);
    const why = 'what is stored of its blocklist cannot be read, and no other could be fetched';
    return blockedError(plugin.manifest.id, why);
  }

  /** Looks for a newer list. Never rejects: `state` has what went wrong. One look at a time. */
  check(): Promise<void> {
    this.#look ??= this.#fetch().finally(() => {
      this.#look = undefined;
    });
    return this.#look;
  }

  [dispose](): void {
    this.#ended.abort();
    this.#channel?.close();
    this.#store.close();
  }

  async #fetch(): Promise<void> {
    await this.#orSay(async () => {
      const text = await fetchBlocklist(this.#options, this.#publishers, this.#ended.signal);
      const document = await readBlocklist(text);
      const list = { source: this.#source, sequence: document.sequence, text, rules: new BlockRules(document) };
      // It holds here, also where it cannot be stored.
      if (this.#isNewer(list)) this.#use(list);
      const kept = await this.#store.keep({ source: list.source, sequence: list.sequence, text });
      if (this.#ended.signal.aborted) return;
      this.#channel?.postMessage('changed');
      if (kept.text !== text) throw failed(tooOld(list.sequence, kept.sequence));
      this.#checkedAt = Date.now();
      this.#error = undefined;
    });
  }

  /** What is stored, by this tab or another. */
  async #readStored(): Promise<void> {
    try {
      const stored = await this.#store.read(this.#source);
      if (stored === 'unreadable') throw failed('what is stored is none');
      const list = stored && { ...stored, rules: new BlockRules(await readBlocklist(stored.text)) };
      if (list && this.#isNewer(list)) this.#use(list);
    } catch (thrown) {
      if (!(thrown instanceof ClocheError)) throw thrown;
      if (this.#ended.signal.aborted) return;
      this.#error = thrown;
      if (this.#known !== undefined) return;
      // Nobody knows what it blocks.
      this.#known = 'unreadable';
      this.#changed();
    }
  }

  /** Of another source it is another list: the app has said so. */
  #isNewer({ source, sequence }: KnownList): boolean {
    const known = this.#known;
    if (known === undefined || known === 'unreadable') return true;
    return source === known.source ? sequence > known.sequence : source === this.#source;
  }

  #use(list: KnownList): void {
    this.#known = list;
    this.#changed();
  }

  async #orSay(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      if (!(thrown instanceof ClocheError)) throw thrown;
      if (!this.#ended.signal.aborted) this.#error = thrown;
    }
  }
}

/** Undefined where the page may open none, as in Firefox where it may store nothing: then no other tab has this storage. */
function channel(name: string): BroadcastChannel | undefined {
  try {
    return new BroadcastChannel(name);
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === 'SecurityError') return undefined;
    throw thrown;
  }
}

function tooOld(sequence: number, known: number): string {
  if (sequence === known) return `it was changed, and its \`sequence\` is still ${known}: it has to grow`;
  return `its \`sequence\` is ${sequence}, after one of ${known}: it is older than what is known`;
}
