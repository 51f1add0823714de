// Files of a package as data URLs, with all they refer to put into them. One instance makes one page ready, and what the
// page asks for later.

import { mediaType } from '../../util/media-type.ts';
import { Pauses } from '../../util/pauses.ts';
import type { AssetFinder } from '../asset-finder.ts';
import type { FrameOptions } from '../frame.ts';
import { type CssReference, MOST_CSS_LENGTH, replaceCssUrls } from '../references.ts';
import { dataUrl } from './data-url.ts';
import type { ScriptKind } from './rewrite-location.ts';
import { inlineScript } from './script.ts';
import type { ScriptParser } from './script-parser.ts';

/** Most characters of all that is put into one page; files within files count each time. */
const MOST_LENGTH = 24 << 20;

export class Inliner {
  readonly #options: FrameOptions;
  readonly #finder: AssetFinder;
  readonly #done = new Map<string, string>();
  /** Asset paths of modules that are imported, and wait to be read. */
  readonly #wanted = new Set<string>();
  /** Names that the import map of the page itself has. */
  readonly #named: ReadonlySet<string>;
  readonly #pauses: Pauses;
  #left = MOST_LENGTH;
  /** Asset paths of what did not fit. */
  readonly #leftOut = new Set<string>();
  #parser: Promise<ScriptParser> | undefined;

  constructor(options: FrameOptions, finder: AssetFinder, named: Iterable<string> = []) {
    this.#options = options;
    this.#finder = finder;
    this.#named = new Set(named);
    this.#pauses = new Pauses(options.signal);
  }

  /** The asset that a reference in a file at the URL `from` means, as a data URL; undefined where there is none. */
  async refer(reference: string, from: string, within: readonly string[] = []): Promise<string | undefined> {
    if (this.#pauses.due) await this.#pauses.take();
    const path = this.#finder.find(reference, from);
    const url = path === undefined ? undefined : await this.file(path, within);
    // A drawing may be referred to by one of its parts.
    return url?.startsWith('data:image/svg') ? url + fragmentOf(reference) : url;
  }

  /** The text of a style sheet, with what it refers to; undefined where there is none. */
  async sheet(reference: string, from: string): Promise<string | undefined> {
    const path = this.#finder.find(reference, from);
    const css = path === undefined ? undefined : await this.#text(path);
    if (path === undefined || css === undefined || !this.#spend(css.length, path)) return undefined;
    return this.style(css, this.#finder.url(path), [path]);
  }

  /** Adds an asset to {@link modules}. */
  want(path: string): void {
    this.#wanted.add(path);
  }

  /** A URL that loads a module by the import map, so that it is the same module to all that import it. */
  entry(reference: string, from: string): string | undefined {
    const path = this.#finder.find(reference, from);
    if (path === undefined) return undefined;
    this.want(path);
    return `data:text/javascript,import${encodeURIComponent(JSON.stringify(this.#finder.url(path)))}`;
  }

  /** @param within the styles that this one is being put into: one that imports itself is left out there */
  async file(path: string, within: readonly string[] = []): Promise<string | undefined> {
    if (within.includes(path) || this.#leftOut.has(path)) return undefined;
    const made = this.#done.get(path) ?? (await this.#make(path, within));
    if (made === undefined) return undefined;
    this.#done.set(path, made);
    return this.#spend(made.length, path) ? made : undefined;
  }

  /** A style with what it refers to. @param url where it stands */
  style(css: string, url: string, within: readonly string[] = []): Promise<string> {
    if (css.length > MOST_CSS_LENGTH) {
      this.#options.warn?.(
        `${url} has a style of more than ${MOST_CSS_LENGTH} characters: the files it refers to are left out`,
      );
    }
    const replace = ({ url: reference }: CssReference) => this.refer(reference, url, within);
    return replaceCssUrls(css, replace, () => (this.#pauses.due ? this.#pauses.take() : undefined));
  }

  /** A script that finds what it imports in the import map. */
  async script(source: string, url: string, kind: ScriptKind): Promise<string> {
    if (this.#pauses.due) await this.#pauses.take();
    const warn = (text: string): void => this.#options.warn?.(text);
    const scope = {
      url,
      find: (specifier: string) => this.#finder.find(specifier, url),
      urlOf: (path: string) => this.#finder.url(path),
    };
    const { text, imports } = await inlineScript(source, kind, scope, () => this.#scriptParser(), warn);
    for (const path of imports.isOpen ? this.#options.assets.filter(isScript) : imports.paths) this.#wanted.add(path);
    for (const name of imports.foreign)
      if (!this.#named.has(name)) warn(`${url} imports ${name}, no file of the package`);
    return text;
  }

  /** Data URLs of all modules that scripts have imported so far, and of what those import, by URL. */
  async modules(): Promise<Map<string, string>> {
    const modules = new Map<string, string>();
    // Reading one adds those that it imports, which this loop then reaches.
    for (const path of this.#wanted) {
      const made = isScript(path) ? await this.#module(path) : await this.file(path);
      if (made !== undefined) modules.set(this.#finder.url(path), made);
    }
    return modules;
  }

  /** A part of its own: few pages have scripts that ask for their location. */
  #scriptParser(): Promise<ScriptParser> {
    this.#parser ??= import('./script-parser.ts').then(({ ScriptParser }) => new ScriptParser());
    return this.#parser;
  }

  async #module(path: string): Promise<string | undefined> {
    const source = await this.#text(path);
    if (source === undefined) return undefined;
    const url = this.#finder.url(path);
    // Equal files would be one module to the browser; the comment also names them in its tools.
    const text = `${await this.script(source, url, 'module')}\n//# sourceURL=${url}`;
    const made = await dataUrl(text, mediaType(path));
    return this.#spend(made.length, path) ? made : undefined;
  }

  async #make(path: string, within: readonly string[]): Promise<string | undefined> {
    const bytes = await this.#bytes(path);
    if (!bytes) return undefined;
    const type = mediaType(path);
    const url = this.#finder.url(path);
    const text = (): string => new TextDecoder().decode(bytes);
    if (type.startsWith('text/css')) return dataUrl(await this.style(text(), url, [...within, path]), type);
    return dataUrl(isScript(path) ? await this.script(text(), url, 'script') : bytes, type);
  }

  async #text(path: string): Promise<string | undefined> {
    const bytes = await this.#bytes(path);
    return bytes && new TextDecoder().decode(bytes);
  }

  /** Undefined also for what will not fit, whatever is made of it. */
  async #bytes(path: string): Promise<Uint8Array | undefined> {
    const bytes = this.#leftOut.has(path) ? undefined : await this.#options.asset(path);
    if (!bytes || bytes.length <= this.#left) return bytes;
    this.#leaveOut(path);
    return undefined;
  }

  /** False for what does not fit; something smaller still may. */
  #spend(length: number, path: string): boolean {
    const fits = length <= this.#left;
    if (fits) this.#left -= length;
    else this.#leaveOut(path);
    return fits;
  }

  /** Said once, however often the page refers to it. */
  #leaveOut(path: string): void {
    if (this.#leftOut.has(path)) return;
    this.#leftOut.add(path);
    this.#options.warn?.(
      `${path} was left out: with it the page would be larger than ${MOST_LENGTH} characters with all it refers to`,
    );
  }
}

function isScript(path: string): boolean {
  return /\.m?js$/i.test(path);
}

function fragmentOf(reference: string): string {
  const at = reference.indexOf('#');
  return at < 0 ? '' : reference.slice(at);
}
