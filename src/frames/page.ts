// A plugin's page made ready: what it refers to is put into it, and the preface comes first.

import { ClocheError } from '../errors.ts';
import { trustedHtml } from '../sandbox/trusted-types.ts';
import type { AssetFinder } from './asset-finder.ts';
import { pagePreface } from './documents.ts';
import type { FrameOptions } from './frame-options.ts';
import { readyElements } from './inline/document.ts';
import { importMap, takeImportMap } from './inline/import-map.ts';
import { ReadyFiles } from './inline/ready-files.ts';

/** A page is read in one go. Each `<` and a letter counts as an element, also where a script compares. */
const MOST_ELEMENTS = 200_000;
const MOST_PAGE_BYTES = 16 << 20;

export interface ReadyPage {
  readonly html: string;
  /** What the page was made with, for what it asks for later. */
  readonly files: ReadyFiles;
}

/**
 * The page at a URL of the package, as one document.
 * @throws {ClocheError} FRAME_FAILED when the package has no such page, or it is too large
 */
export async function readyPage(
  url: string,
  nonce: string,
  options: FrameOptions,
  finder: AssetFinder,
): Promise<ReadyPage> {
  const { plugin, assets, modals = false, policyNonce } = options;
  const path = finder.find(url, url);
  const bytes = path === undefined ? undefined : await options.asset(path);
  if (!bytes) {
    throw new ClocheError('FRAME_FAILED', `Plugin \`${plugin}\` has no page ${url} in its package`, { plugin });
  }
  // Parsed without being shown: nothing in it loads or runs.
  const page = new DOMParser().parseFromString(trustedHtml(sourceOf(bytes, plugin)), 'text/html');
  const base = takeBase(page, url);
  const names = takeImportMap(page, (text) => options.warn?.(text));
  const files = new ReadyFiles(options, finder, names.keys());
  await readyElements(page, base, files);

  const mapped = [...names].flatMap(([name, target]) => {
    const asset = finder.find(target, base);
    if (asset !== undefined) files.want(asset);
    return asset === undefined ? [] : [[name, finder.url(asset)] as const];
  });
  const imports = await files.modules();
  for (const [name, target] of mapped) imports.set(name, imports.get(target) ?? target);
  if (imports.size > 0) page.head.prepend(importMap(page, imports));
  if (policyNonce) for (const one of page.querySelectorAll('script, style')) one.setAttribute('nonce', policyNonce);
  const own = page.createElement('base');
  own.href = base;
  page.head.prepend(own);
  const settings = { nonce, plugin, origin: finder.origin, url, base, root: finder.root, assets, modals };
  page.head.insertAdjacentHTML('afterbegin', trustedHtml(pagePreface(settings, policyNonce)));
  return { html: `<!doctype html>${page.documentElement.outerHTML}`, files };
}

/** @throws {ClocheError} FRAME_FAILED when it would hold the host's page up */
function sourceOf(bytes: Uint8Array, plugin: string): string {
  const html = bytes.length > MOST_PAGE_BYTES ? undefined : new TextDecoder().decode(bytes);
  if (html !== undefined && (html.match(/<[a-z]/gi)?.length ?? 0) <= MOST_ELEMENTS) return html;
  const most = `${MOST_PAGE_BYTES} bytes and ${MOST_ELEMENTS} elements`;
  throw new ClocheError('FRAME_FAILED', `The page of plugin \`${plugin}\` is larger than ${most}`, { plugin });
}

/** What relative URLs of the page are resolved against. */
function takeBase(page: Document, url: string): string {
  const bases = [...page.querySelectorAll('base')];
  const href = bases.find((base) => base.hasAttribute('href'))?.getAttribute('href') ?? '';
  for (const base of bases) base.remove();
  return URL.parse(href, url)?.href ?? url;
}
