// Finds the plugin that breaks the app: half of the suspects are switched off, somebody looks whether it still happens, and the other
// half is cleared. What it has come to is kept, since most who look reload the page. Comes late.

import type { Objects, StoredKey } from '../database/indexed-db.ts';
import { openDatabase } from '../database/open-database.ts';
import { ClocheError } from '../errors.ts';
import { isPlainObject } from '../util/given-options.ts';

/** What the search needs of a plugin. */
interface Suspect {
  readonly id: string;
  readonly settings: { readonly enabled: boolean; readonly quarantined: boolean };
  enable(): Promise<void>;
  disable(): Promise<void>;
}

interface SearchedHost {
  readonly plugins: readonly Suspect[];
  get(id: string): Suspect | undefined;
}

/** How far a search has come. */
export interface BisectState {
  /** Ids of the plugins that may be it. */
  readonly suspects: readonly string[];
  /** Of all that took part, those that are switched off for now. */
  readonly off: readonly string[];
  /** The question that is asked now, from 1. */
  readonly step: number;
  /** How many there will be at most. */
  readonly steps: number;
  /** What was found: an id, or null where it is no single plugin. Absent while the search goes on. */
  readonly found?: string | null;
}

/** As it is kept. */
interface Search extends BisectState {
  /** All that took part, and were on before. */
  readonly all: readonly string[];
  /** It was gone at least once, so that one of the suspects is it. */
  readonly wasGone: boolean;
}

const KEY: StoredKey = ['bisect'];

export class Bisect {
  readonly #host: SearchedHost;
  readonly #storage: string;
  #search: Search | undefined;

  private constructor(host: SearchedHost, storage: string) {
    this.#host = host;
    this.#storage = storage;
  }

  /** @internal Use `host.bisect()`. @throws {ClocheError} FORBIDDEN, STORAGE_FAILED */
  static async of(host: SearchedHost, storage: string): Promise<Bisect> {
    const bisect = new Bisect(host, storage);
    await bisect.#read();
    // A page that broke in the middle may have switched some of them only.
    if (bisect.#search) await bisect.#apply(bisect.#search);
    return bisect;
  }

  /** Undefined where nobody searches. */
  get state(): BisectState | undefined {
    if (!this.#search) return undefined;
    const { all: _, wasGone: __, ...state } = this.#search;
    return state;
  }

  /**
   * Switches half of what is on off, and asks whether it still happens.
   * @throws {ClocheError} OPTION_INVALID where a search is under way, here or in another tab, or nothing is on; FORBIDDEN,
   * STORAGE_FAILED
   */
  async begin(): Promise<void> {
    if (this.#search) throw new ClocheError('OPTION_INVALID', 'A search is under way; end it first');
    const all = this.#host.plugins
      .filter(({ settings }) => settings.enabled && !settings.quarantined)
      .map(({ id }) => id);
    if (all.length === 0)
      throw new ClocheError('OPTION_INVALID', 'No plugin is on, so none can be what breaks the app');
    // One more where nothing has shown yet that it is a plugin at all.
    const steps = Math.ceil(Math.log2(all.length)) + 1;
    await this.#go({ all, suspects: all, off: secondHalf(all), step: 1, steps, wasGone: false });
  }

  /**
   * Goes on: with those that were off where it is gone, with those that were on where it still happens.
   * @throws {ClocheError} OPTION_INVALID where nothing is asked, or another tab has answered that; FORBIDDEN, STORAGE_FAILED
   */
  async answer(stillHappens: boolean): Promise<void> {
    const search = this.#search;
    if (!search || search.found !== undefined) throw new ClocheError('OPTION_INVALID', 'Nothing is asked at present');
    const wasOff = (id: string): boolean => search.off.includes(id);
    const suspects = search.suspects.filter((id) => wasOff(id) !== stillHappens);
    const wasGone = search.wasGone || !stillHappens;
    const [first] = suspects;
    if (first === undefined) return this.#go({ ...search, suspects, off: [], found: null });
    if (suspects.length > 1) {
      return this.#go({ ...search, suspects, off: secondHalf(suspects), step: search.step + 1, wasGone });
    }
    const next = { ...search, suspects, off: [first], wasGone };
    await this.#go(wasGone ? { ...next, found: first } : { ...next, step: search.step + 1 });
  }

  /**
   * Ends the search: all that it has switched off is on again.
   * @param options.keepOff leaves off what was found
   * @throws {ClocheError} FORBIDDEN, STORAGE_FAILED
   */
  async end(options: { readonly keepOff?: boolean } = {}): Promise<void> {
    await this.#read();
    const search = this.#search;
    if (!search) return;
    const { found } = search;
    await this.#apply({ ...search, off: options.keepOff && typeof found === 'string' ? [found] : [] });
    await this.#transact(async (objects) => objects.delete(KEY));
    this.#search = undefined;
  }

  /** Opened for each: between two answers are minutes, or another page. */
  async #transact<T>(work: (objects: Objects) => Promise<T>): Promise<T> {
    const database = openDatabase(this.#storage, `${this.#storage}-bisect`, 'bisect');
    try {
      return await database.transact('readwrite', work);
    } finally {
      database.close();
    }
  }

  async #read(): Promise<void> {
    this.#search = await this.#transact(async (objects) => readSearch(await objects.get(KEY)));
  }

  /**
   * Kept before anything is switched: a page that breaks in the middle finds what is off on its account. A search that another tab
   * has begun, moved or ended meanwhile is taken over as it is: what was answered here was no answer to that.
   */
  async #go(search: Search): Promise<void> {
    const before = textOf(this.#search);
    const isNext = await this.#transact(async (objects) => {
      const stored = readSearch(await objects.get(KEY));
      this.#search = stored;
      if (textOf(stored) !== before) return false;
      objects.put({ ...search }, KEY);
      return true;
    });
    if (!isNext) throw new ClocheError('OPTION_INVALID', 'Another tab has gone on with the search; look at it again');
    this.#search = search;
    await this.#apply(search);
  }

  async #apply({ all, off }: Pick<Search, 'all' | 'off'>): Promise<void> {
    for (const id of all) {
      const plugin = this.#host.get(id);
      const isOn = !off.includes(id);
      // What was killed too often meanwhile is no worse for that: only a person lets it out.
      if (!plugin || plugin.settings.quarantined || plugin.settings.enabled === isOn) continue;
      await (isOn ? plugin.enable() : plugin.disable());
    }
  }
}

/** Those that are switched off: the smaller half, and the only one of one. */
function secondHalf(ids: readonly string[]): readonly string[] {
  return ids.slice(ids.length === 1 ? 0 : Math.ceil(ids.length / 2));
}

/** Any script of the origin may have written it. */
function readSearch(stored: unknown): Search | undefined {
  if (!isPlainObject(stored)) return undefined;
  const { all, suspects, off, step, steps, wasGone, found } = stored;
  if (!areIds(all) || !areIds(suspects) || !areIds(off) || typeof wasGone !== 'boolean') return undefined;
  if (typeof step !== 'number' || typeof steps !== 'number') return undefined;
  const search = { all, suspects, off, step, steps, wasGone };
  return typeof found === 'string' || found === null ? { ...search, found } : search;
}

/** The same for the same search. */
function textOf(search: Search | undefined): string {
  return JSON.stringify(readSearch(search) ?? null);
}

function areIds(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((id) => typeof id === 'string');
}
