// A plugin's page made ready: what it refers to is put into it, and the bootstrap comes first.

import { ClocheError } from '../errors.ts';
import { Pauses, withPauses } from '../util/pauses.ts';
import { textSteps } from '../util/text/decode-text.ts';
import { type AssetFinder, MOST_REFERENCE_LENGTH } from './asset-finder.ts';
import type { FrameOptions } from './frame.ts';
import { pageBootstrap } from './frame-documents.ts';
import { attributeSteps } from './inline/attribute.ts';
import { attributeOf, readyMarkup } from './inline/document.ts';
import { importMap, readImportMaps } from './inline/import-map.ts';
import { Inliner } from './inline/inliner.ts';
import { MarkupTooDear } from './inline/markup.ts';
import { readOutline, type Spot } from './inline/outline.ts';

const MOST_PAGE_BYTES = 16 << 20;

export interface PreparedPage {
  /** The document, as it stands in an attribute. */
  readonly attribute: string;
  /** What the page was made with, for what it asks for later. */
  readonly files: Inliner;
}

/**
 * The page at a URL of the package, as one document.
 * @throws {ClocheError} FRAME_FAILED when the package has no such page, it is too large, or its markup would hold
 * whoever parses it up
 */
export async function preparePage(
  url: string,
  nonce: string,
  options: FrameOptions,
  finder: AssetFinder,
): Promise<PreparedPage> {
  const { plugin, assets, modals = false, policyNonce } = options;
  const pauses = new Pauses(options.signal);
  const html = await sourceOf(url, options, finder);
  if (pauses.due) await pauses.take();
  const spots = await bearable(readOutline(html, pauses), plugin);
  if (pauses.due) await pauses.take();
  const base = baseOf(spots, url);
  const names = readImportMaps(spots, html, (text) => options.warn?.(text));
  const files = new Inliner(options, finder, names.keys());
  const markup = await readyMarkup(spots, { html, url: base, files, nonce: policyNonce, pauses });

  const mapped = [...names].flatMap(([name, target]) => {
    const asset = finder.find(target, base);
    if (asset !== undefined) files.want(asset);
    return asset === undefined ? [] : [[name, finder.url(asset)] as const];
  });
  const imports = await files.modules();
  for (const [name, target] of mapped) imports.set(name, imports.get(target) ?? target);
  const settings = { nonce, plugin, origin: finder.origin, url, base, root: finder.root, assets, modals };
  const bootstrap = pageBootstrap(settings, imports.size > 0 ? importMap(imports) : '', policyNonce);
  const written = withPauses(attributeSteps([bootstrap, ...markup]), options.signal);
  return { attribute: await bearable(written, plugin), files };
}

async function sourceOf(url: string, { plugin, asset, signal }: FrameOptions, finder: AssetFinder): Promise<string> {
  const path = finder.find(url, url);
  const bytes = path === undefined ? undefined : await asset(path);
  if (!bytes) throw failed(plugin, `Plugin \`${plugin}\` has no page ${url} in its package`);
  if (bytes.length <= MOST_PAGE_BYTES) return withPauses(textSteps(bytes), signal);
  throw failed(plugin, `The page of plugin \`${plugin}\` is larger than ${MOST_PAGE_BYTES} bytes`);
}

/** @throws {ClocheError} FRAME_FAILED for a page that would hold whoever parses it up */
async function bearable<T>(read: Promise<T>, plugin: string): Promise<T> {
  try {
    return await read;
  } catch (thrown) {
    if (!(thrown instanceof MarkupTooDear)) throw thrown;
    throw failed(plugin, `The page of plugin \`${plugin}\` is not shown: it ${thrown.message}`);
  }
}

/** What relative URLs of the page are resolved against. */
function baseOf(spots: readonly Spot[], url: string): string {
  const hrefs = spots.map(({ tag }) => (tag.name === 'base' ? attributeOf(tag, 'href') : undefined));
  const href = hrefs.find((value) => value !== undefined) ?? '';
  // It would be parsed once more with each of them.
  if (href.length > MOST_REFERENCE_LENGTH) return url;
  return URL.parse(href, url)?.href ?? url;
}

function failed(plugin: string, message: string): ClocheError {
  return new ClocheError('FRAME_FAILED', message, { plugin });
}
