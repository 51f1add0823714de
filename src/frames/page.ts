// A plugin's page made ready: what it refers to is put into it, and the preface comes first.

import { ClocheError } from '../errors.ts';
import { trustedHtml } from '../sandbox/trusted-types.ts';
import type { AssetFinder } from './asset-finder.ts';
import { pagePreface } from './documents.ts';
import type { FrameOptions } from './frame-options.ts';

/**
 * The page at a URL of the package, as one document.
 * @throws {ClocheError} FRAME_FAILED when the package has no such page
 */
export async function readyPage(
  url: string,
  nonce: string,
  options: FrameOptions,
  finder: AssetFinder,
): Promise<string> {
  const { plugin, assets, modals = false } = options;
  const path = finder.find(url, url);
  const bytes = path === undefined ? undefined : await options.asset(path);
  if (!bytes) {
    throw new ClocheError('FRAME_FAILED', `Plugin \`${plugin}\` has no page ${url} in its package`, { plugin });
  }
  // Parsed without being shown: nothing in it loads or runs.
  const page = new DOMParser().parseFromString(trustedHtml(new TextDecoder().decode(bytes)), 'text/html');
  const base = page.createElement('base');
  base.href = url;
  for (const other of page.querySelectorAll('base')) other.remove();
  page.head.prepend(base);
  const settings = { nonce, plugin, origin: location.origin, url, assets, modals };
  page.head.insertAdjacentHTML('afterbegin', trustedHtml(pagePreface(settings)));
  return (page.doctype ? '<!doctype html>' : '') + page.documentElement.outerHTML;
}
