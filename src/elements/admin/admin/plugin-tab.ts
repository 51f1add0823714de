// A tab that a plugin adds: its page, and above it the host's own words about whose it is.

import { html, type TemplateResult } from 'lit';
import type { Claims } from '../../../index.ts';
import '../../extension/extension.ts';
import type { PickUser } from '../../extension/bridge/user-picking.ts';
import type { Listing } from '../../extension/listing.ts';
import type { Words } from '../../words/words.ts';
import type { AdminHost } from '../base/admin-host.ts';
import { pluginHref } from '../base/plugin-link.ts';
import { nameOf, pluginState } from '../base/plugin-state.ts';
import { mono, theirs } from '../base/theirs.ts';

export const POINT = 'admin.tab';

/** What a page gets of the app. */
interface PageOptions {
  readonly pickUser: PickUser | undefined;
  readonly claims: Claims | undefined;
  readonly policyNonce: string;
}

/** @param isLinked whether the page of the plugin itself can be gone to */
export function pluginTab(
  words: Words,
  host: AdminHost,
  { slot, plugin, contribution }: Listing,
  { pickUser, claims, policyNonce }: PageOptions,
  isLinked: boolean,
): TemplateResult {
  const shown = theirs(nameOf(plugin));
  const name = isLinked ? html`<a href=${pluginHref(plugin.id)}>${shown}</a>` : shown;
  return html`
    <div slot=${slot}>
      <div class="chrome">
        <span>${words.put('admin.pageOf', { plugin: name })}</span>
        ${pluginState(words, plugin)} ${plugin.manifest.version ? mono(plugin.manifest.version, 40) : ''}
      </div>
      <cloche-extension
        point=${POINT}
        .host=${host}
        .plugin=${plugin.id}
        .contribution=${contribution.id}
        .pickUser=${pickUser}
        .claims=${claims}
        .policyNonce=${policyNonce}
      ></cloche-extension>
    </div>
  `;
}
