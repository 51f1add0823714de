// What a plugin is: facts of the host, and what it says of itself, marked as that.

import { html, nothing, type TemplateResult } from 'lit';
import type { PackageOrigin } from '../../../index.ts';
import type { Words } from '../../words/words.ts';
import type { AdminPlugin } from '../base/admin-host.ts';
import { pluginHref } from '../base/plugin-link.ts';
import { signatureText } from '../base/plugin-state.ts';
import { mono, plain, quoted, theirs } from '../base/theirs.ts';

const HASH_BYTES = 64;

/**
 * @param sha256 of its package; undefined where that is not known
 * @param from where that came from; undefined where that is not known
 */
export function facts(
  words: Words,
  plugin: AdminPlugin,
  sha256: string | undefined,
  from: PackageOrigin | undefined,
): TemplateResult {
  const { id, manifest, signature, installedAt } = plugin;
  const files = [...manifest.modules, ...manifest.assets];
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const tabs = plugin.contributed.contributions.filter(({ point }) => point === 'admin.tab');
  return html`
    ${manifest.description ? html`<p class="prose"><span class="subtle">${words.say('plugin.authorSays')}</span> ${quoted(manifest.description)}</p>` : nothing}
    <dl class="facts">
      ${fact(words.say('plugin.id'), mono(id))}
      ${fact(words.say('plugin.version'), manifest.version ? mono(manifest.version) : words.say('plugins.noVersion'))}
      ${manifest.author ? fact(words.say('plugin.author'), theirs(manifest.author)) : nothing}
      ${manifest.homepage ? fact(words.say('plugin.homepage'), link(manifest.homepage)) : nothing}
      ${fact(words.say('plugin.signature'), signatureText(words, plugin, plain(signature.publisher ?? '')))}
      ${signature.key ? fact(words.say('plugin.key'), mono(signature.key)) : nothing}
      ${sha256 ? fact(words.say('plugin.hash'), mono(sha256, HASH_BYTES)) : nothing}
      ${fact(words.say('plugin.from'), from ? words.put(`plugin.from.${from.kind}`, { name: mono(from.name) }) : words.say('plugin.fromUnknown'))}
      ${fact(words.say('plugin.system'), mono(manifest.dialect))}
      ${installedAt ? fact(words.say('plugin.installed'), words.time(installedAt)) : nothing}
      ${fact(words.say('plugin.size'), words.say('plugin.sizeOf', { size: words.bytes(bytes), n: files.length }))}
      ${tabs.length > 0 ? fact(words.say('plugin.tabs'), html`${tabs.map((tab) => html`<a href=${pluginHref(id, tab.id)}>${theirs(tab.label || tab.id)}</a> `)}`) : nothing}
    </dl>
  `;
}

export function fact(name: string, value: unknown): TemplateResult {
  return html`<dt>${name}</dt><dd><bdi>${value}</bdi></dd>`;
}

/** Only to a website, over https, which learns nothing of this page. */
function link(url: string): TemplateResult {
  if (!URL.canParse(url) || new URL(url).protocol !== 'https:') return mono(url);
  return html`<a href=${url} target="_blank" rel="noopener noreferrer">${mono(url)}</a>`;
}
