// Files of the package that the page refers to while it runs: `img.src = './logo.png'`, markup in a template, a style or
// a script that a bundler loads late. A URL that names one is swapped for a data URL.

import { Pauses } from '../../util/pauses.ts';
import { type AssetFinder, MOST_REFERENCE_LENGTH } from '../asset-finder.ts';
import type { PageSettings } from '../page-protocol.ts';
import { pluginPath, pluginUrl } from '../plugin-url.ts';
import { replaceCssUrls, replaceSrcset, SOURCE_ATTRIBUTE, SRCSET_ELEMENTS, URL_ATTRIBUTES } from '../references.ts';
import type { Requests } from './request-client.ts';

/** Everything whose URL can be set as a property. */
const PROPERTIES = [
  [HTMLImageElement, 'src'],
  [HTMLScriptElement, 'src'],
  [HTMLLinkElement, 'href'],
  [HTMLSourceElement, 'src'],
  [HTMLMediaElement, 'src'],
  [HTMLVideoElement, 'poster'],
  [HTMLInputElement, 'src'],
] as const;

const setAttribute = Element.prototype.setAttribute;

export class Files {
  readonly #requests: Requests;
  readonly #finder: AssetFinder;
  readonly #settings: PageSettings;
  readonly #urls = new Map<string, Promise<string>>();
  /** What the page has set an attribute to, where it holds a data URL now or will soon. */
  readonly #meant = new WeakMap<Element, Map<string, string>>();
  /** Settles once the element has its data URL. */
  readonly #loading = new WeakMap<Element, Promise<unknown>>();
  /** Elements that failed to load, or will, because of their first URL: not the page's concern. */
  readonly #blocked = new WeakSet<EventTarget>();

  constructor(requests: Requests, finder: AssetFinder, settings: PageSettings) {
    this.#requests = requests;
    this.#finder = finder;
    this.#settings = settings;
  }

  install(): void {
    const swaps = (element: Element, name: string, value: string): boolean => this.#swap(element, name, value);
    Element.prototype.setAttribute = function (this: Element, name: string, value: string) {
      if (!swaps(this, String(name).toLowerCase(), String(value))) setAttribute.call(this, name, value);
    };
    for (const [{ prototype }, name] of PROPERTIES) this.#override(prototype, name);
    const loading = this.#loading;
    const decode = HTMLImageElement.prototype.decode;
    HTMLImageElement.prototype.decode = async function (this: HTMLImageElement) {
      // What came as markup a moment ago is looked at first.
      await undefined;
      await loading.get(this);
      return decode.call(this);
    };
    addEventListener(
      'error',
      (event) => {
        if (event.target && this.#blocked.delete(event.target)) event.stopImmediatePropagation();
      },
      true,
    );
    // What comes as markup has its URL before any script can see it.
    new MutationObserver((records) => {
      for (const { type, target, addedNodes, attributeName } of records) {
        if (type === 'attributes') this.#look(target as Element, attributeName ?? '');
        else if (target instanceof HTMLStyleElement) void this.#readStyle(target);
        for (const node of addedNodes) if (node instanceof Element) this.#lookInto(node);
      }
    }).observe(document, {
      subtree: true,
      childList: true,
      attributeFilter: ['src', 'href', 'xlink:href', 'poster', 'srcset', 'style'],
    });
  }

  #override(prototype: Element, name: string): void {
    const native = Object.getOwnPropertyDescriptor(prototype, name);
    if (!native?.get || !native.set) return;
    const { get, set } = native;
    const swaps = (element: Element, value: string): boolean => this.#swap(element, name, value);
    const meantFor = (element: Element): string | null =>
      this.#meant.get(element)?.get(name) ?? element.getAttribute(SOURCE_ATTRIBUTE);
    const { base } = this.#settings;
    Object.defineProperty(prototype, name, {
      ...native,
      get(this: Element) {
        const meant = meantFor(this);
        return meant === null ? get.call(this) : new URL(meant, base).href;
      },
      set(this: Element, value: unknown) {
        if (!swaps(this, String(value))) set.call(this, value);
      },
    });
  }

  /** Whether the value names a file; the attribute then gets a data URL, a moment later. */
  #swap(element: Element, name: string, value: string): boolean {
    const isUrl = URL_ATTRIBUTES.get(element.localName)?.includes(name) ?? false;
    // Hints to load something soon are of no use; the type of a link may be set after its URL.
    if (!isUrl || (element instanceof HTMLLinkElement && !element.relList.contains('stylesheet'))) return false;
    const loading = this.#load(value, element instanceof HTMLImageElement);
    const meant = this.#meant.get(element) ?? new Map<string, string>();
    this.#meant.set(element, meant);
    meant.delete(name);
    if (!loading) return false;
    meant.set(name, value);
    const isCurrent = (): boolean => meant.get(name) === value;
    const set = loading.then(
      (url) => isCurrent() && setAttribute.call(element, name, url),
      () => isCurrent() && element.dispatchEvent(new Event('error')),
    );
    this.#loading.set(element, set);
    return true;
  }

  #lookInto(root: Element): void {
    for (const element of [root, ...root.querySelectorAll('*')]) {
      for (const name of URL_ATTRIBUTES.get(element.localName) ?? []) this.#look(element, name);
      if (SRCSET_ELEMENTS.has(element.localName)) this.#look(element, 'srcset');
      if (element.hasAttribute('style')) this.#look(element, 'style');
      if (element instanceof HTMLStyleElement) void this.#readStyle(element);
    }
  }

  #look(element: Element, name: string): void {
    const value = element.getAttribute(name);
    // A script that was blocked cannot be started again.
    if (value === null || element.localName === 'script') return;
    if (name === 'style')
      void this.#rewrite(
        element,
        name,
        value,
        replaceCssUrls(value, ({ url }) => this.#found(url)),
      );
    else if (name === 'srcset') {
      const replaced = replaceSrcset(value, async (url) => (await this.#found(url)) ?? url);
      void this.#rewrite(element, name, value, replaced);
    } else if (this.#swap(element, name, value)) this.#blocked.add(element);
  }

  async #rewrite(element: Element, name: string, value: string, replaced: Promise<string>): Promise<void> {
    const ready = await replaced;
    if (ready !== value && element.getAttribute(name) === value) setAttribute.call(element, name, ready);
  }

  async #readStyle(style: HTMLStyleElement): Promise<void> {
    const css = style.textContent;
    // In some engines the page of the host shares this thread.
    const pauses = new Pauses();
    const pause = () => (pauses.due ? pauses.take() : undefined);
    const ready = await replaceCssUrls(css, ({ url }) => this.#found(url), pause);
    if (ready !== css && style.textContent === css) style.textContent = ready;
  }

  /** As a data URL; undefined for what is not a file and for what fails. */
  async #found(reference: string): Promise<string | undefined> {
    return this.#load(reference, false)?.catch(() => undefined);
  }

  /** @param isImage images may come from routes, too */
  #load(reference: string, isImage: boolean): Promise<string> | undefined {
    if (reference.length > MOST_REFERENCE_LENGTH) return undefined;
    const { base, origin, plugin } = this.#settings;
    const url = URL.parse(reference, base);
    const path = url ? this.#finder.find(url.href, base) : undefined;
    if (!url) return undefined;
    if (path === undefined) {
      return isImage && pluginUrl(url.href, origin, pluginPath(plugin)) ? this.#fromRoute(url.href) : undefined;
    }
    const known = this.#urls.get(path) ?? this.#inlined(this.#finder.url(path));
    this.#urls.set(path, known);
    return url.hash === ''
      ? known
      : known.then((ready) => (ready.startsWith('data:image/svg') ? ready + url.hash : ready));
  }

  async #inlined(url: string): Promise<string> {
    const { body } = await this.#requests.send({ url, method: 'GET', headers: [], body: null, inline: true });
    return new TextDecoder().decode(body ?? new Uint8Array());
  }

  async #fromRoute(url: string): Promise<string> {
    const { status, headers, body } = await this.#requests.send({ url, method: 'GET', headers: [], body: null });
    const type = new Headers(headers.map(([name, value]) => [name, value])).get('content-type') ?? '';
    if (status !== 200 || !body) throw new TypeError(`The image was answered with ${status}`);
    return URL.createObjectURL(new Blob([body], { type }));
  }
}
