// What whoever comes to the admin page has to know before anything else.

import { html, nothing, type TemplateResult } from 'lit';
import type { Words } from '../../words/words.ts';
import type { AdminHost } from '../base/admin-host.ts';
import { safeModeHref } from '../trouble/trouble.ts';
import { hashOf } from './route.ts';

interface Banners {
  /** A search for the plugin that breaks the app is under way, elsewhere in the page. */
  readonly isSearching: boolean;
  follow(event: MouseEvent): void;
}

export function banners(words: Words, host: AdminHost, { isSearching, follow }: Banners): TemplateResult {
  return html`
    ${
      host.disabled
        ? html`
      <p class="notice banner" role="status">
        ${words.say('admin.safe')} <a href=${safeModeHref(false)}>${words.say('admin.leaveSafe')}</a>
      </p>
    `
        : nothing
    }
    ${host.durable ? nothing : html`<p class="notice banner" role="status">${words.say('admin.memory')}</p>`}
    ${
      isSearching
        ? html`
      <p class="notice calm banner" role="status">
        ${words.say('admin.searching')} <a href=${hashOf({ at: 'trouble' })} @click=${follow}>${words.say('admin.toSearch')}</a>
      </p>
    `
        : nothing
    }
  `;
}
