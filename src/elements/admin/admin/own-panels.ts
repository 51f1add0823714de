// What the tabs of `<cloche-admin>` itself show: the list, one plugin, what plugins did.

import { html, nothing, type TemplateResult } from 'lit';
import type { Words } from '../../words/words.ts';
import type { AdminHost } from '../base/admin-host.ts';
import { nameOf } from '../base/plugin-state.ts';
import { mono, theirs } from '../base/theirs.ts';
import type { OnConsent } from '../consent/consent-events.ts';
import { HOME, hashOf } from './route.ts';

export function listPanel(
  words: Words,
  host: AdminHost,
  { onConsent, mayInstall }: { onConsent: OnConsent | undefined; mayInstall: boolean },
): TemplateResult {
  return html`
    <section aria-labelledby="installed">
      <h2 id="installed">${words.say('admin.installed')}</h2>
      <cloche-plugins .host=${host} exportparts="list, plugin, state, failure"></cloche-plugins>
    </section>
    ${
      mayInstall
        ? html`
      <section aria-labelledby="install">
        <h2 id="install">${words.say('admin.install')}</h2>
        <cloche-install exportparts="dialog, failure" .host=${host} .onConsent=${onConsent} droppable></cloche-install>
        <cloche-take-over exportparts="dialog, failure" .host=${host} .onConsent=${onConsent}></cloche-take-over>
      </section>
    `
        : nothing
    }
  `;
}

/** @param plugin its id */
export function pluginPanel(
  words: Words,
  host: AdminHost,
  plugin: string,
  { onConsent, hasActivity }: { onConsent: OnConsent | undefined; hasActivity: boolean },
): TemplateResult {
  return html`
    <p class="row">
      <a class="back" href=${hashOf(HOME)}>${words.say('admin.back')}</a>
      ${
        hasActivity && host.get(plugin)
          ? html`<a href=${hashOf({ at: 'activity', plugin })}>${words.say('admin.itsActivity')}</a>`
          : nothing
      }
    </p>
    <cloche-plugin
      exportparts="state, failure, dialog"
      .host=${host}
      .plugin=${plugin}
      .onConsent=${onConsent}
    ></cloche-plugin>
  `;
}

/**
 * @param id of the only plugin; empty for all
 * @param follow the click on a link
 */
export function activityPanel(
  words: Words,
  host: AdminHost,
  id: string,
  follow: (event: MouseEvent) => void,
): TemplateResult {
  const plugin = host.get(id);
  return html`
    ${
      id
        ? html`
      <section>
        <p><a class="back" href=${hashOf({ at: 'activity' })} @click=${follow}>${words.say('admin.allActivity')}</a></p>
        <h2>${words.put('admin.activityOf', { plugin: plugin ? theirs(nameOf(plugin)) : mono(id) })}</h2>
      </section>
    `
        : nothing
    }
    <cloche-audit .host=${host} .plugin=${id}></cloche-audit>
  `;
}
