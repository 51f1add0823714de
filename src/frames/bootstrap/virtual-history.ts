// Where the page believes to be: the URL it would have on the host, and the history that it makes there. None of it
// touches the real history, which is the user's way back from the host's own page.

import { decodedPart } from '../../util/text/decoded-part.ts';
import type { AssetFinder } from '../asset-finder.ts';
import type { PageSettings } from '../page-protocol.ts';
import type { HostChannel } from './host-channel.ts';

interface HistoryEntry {
  readonly url: URL;
  readonly state: unknown;
}

export class VirtualHistory {
  readonly #settings: PageSettings;
  readonly #channel: HostChannel;
  readonly #finder: AssetFinder;
  readonly #entries: HistoryEntry[];
  #at = 0;

  constructor(settings: PageSettings, finder: AssetFinder, channel: HostChannel) {
    this.#settings = settings;
    this.#channel = channel;
    this.#finder = finder;
    this.#entries = [{ url: new URL(settings.url), state: null }];
  }

  /** A copy, so that nobody changes it. */
  get url(): URL {
    return new URL(this.#entry.url);
  }

  get state(): unknown {
    return this.#entry.state;
  }

  get length(): number {
    return this.#entries.length;
  }

  get #entry(): HistoryEntry {
    const entry = this.#entries[this.#at];
    if (!entry) throw new Error('The history has lost its place');
    return entry;
  }

  /** `pushState` and `replaceState`. @throws {DOMException} for a URL of another origin and a state that cannot be cloned */
  record(kind: 'push' | 'replace', state: unknown, to: string | URL | null | undefined): void {
    const url = to === undefined || to === null ? this.url : new URL(to, this.#settings.base);
    if (url.origin !== this.#settings.origin) {
      throw new DOMException(`A history entry cannot be of another origin: ${url.href}`, 'SecurityError');
    }
    this.#add(kind, { url, state: structuredClone(state) });
  }

  /** `back`, `forward` and `go`; beyond the ends nothing happens. */
  go(delta: number): void {
    if (delta === 0) {
      this.reload();
      return;
    }
    setTimeout(() => {
      const from = this.url;
      if (!this.#entries[this.#at + delta]) return;
      this.#at += delta;
      this.#arrive(from);
    });
  }

  reload(): void {
    const { url } = this;
    // Only what is in the package can be loaded again; a path from `pushState` may be in no package.
    this.#channel.post({ type: 'GO', url: this.#isPage(url) ? url.href : this.#settings.url });
  }

  /** What following a link means: a place in this page, another page of the package, or a wish that the host hears. */
  navigate(to: string, kind: 'push' | 'replace' = 'push'): void {
    const url = URL.parse(to, this.#settings.base);
    const from = this.url;
    if (!url) return;
    if (url.href.includes('#') && withoutHash(url) === withoutHash(from)) {
      if (url.href !== from.href) this.#add(kind, { url, state: null });
      scrollToFragment(url);
      this.#arrive(from);
    } else if (this.#isPage(url)) {
      this.#channel.post({ type: 'GO', url: url.href });
    } else if (/^https?:$/.test(url.protocol) && url.origin !== this.#settings.origin) {
      this.#channel.post({ type: 'LINK', url: url.href });
    } else {
      this.#channel.note(`Going to ${url.href} was refused: it is not a page of the package`);
    }
  }

  #isPage({ href }: URL): boolean {
    return /\.html?$/.test(this.#finder.find(href, href) ?? '');
  }

  #add(kind: 'push' | 'replace', entry: HistoryEntry): void {
    if (kind === 'push') this.#entries.splice(++this.#at, Number.POSITIVE_INFINITY, entry);
    else this.#entries[this.#at] = entry;
  }

  #arrive(from: URL): void {
    const { url, state } = this.#entry;
    dispatchEvent(new PopStateEvent('popstate', { state }));
    if (url.hash === from.hash || withoutHash(url) !== withoutHash(from)) return;
    dispatchEvent(new HashChangeEvent('hashchange', { oldURL: from.href, newURL: url.href }));
  }
}

function withoutHash({ href }: URL): string {
  return href.split('#', 1)[0] ?? href;
}

function scrollToFragment({ hash }: URL): void {
  const fragment = hash.slice(1);
  if (fragment === '' || fragment.toLowerCase() === 'top') scrollTo(0, 0);
  else (document.getElementById(fragment) ?? document.getElementById(decodedPart(fragment)))?.scrollIntoView();
}
