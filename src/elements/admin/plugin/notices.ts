// What of a plugin needs somebody: that it is off, and why; that an update of it waits.

import { html, nothing, type TemplateResult } from 'lit';
import type { PluginUsage } from '../../../index.ts';
import type { Words } from '../../words/words.ts';
import type { AdminHost, AdminPlugin } from '../base/admin-host.ts';
import { errorText, failure } from '../base/failure.ts';
import { startFailure, versionText } from '../base/plugin-state.ts';
import { mono } from '../base/theirs.ts';

interface Notices {
  /** Why it was stopped last, where the host has kept that. */
  readonly lastKill: PluginUsage['lastKill'] | undefined;
  /** Shows what the update that waits would change. */
  look(): void;
  /** Drops it. */
  dismiss(): void;
}

export function notices(words: Words, host: AdminHost, plugin: AdminPlugin, given: Notices): TemplateResult {
  const { blocked, refusal, state } = plugin;
  const failed = startFailure(plugin);
  const isRefused = refusal && state === 'off' && plugin.enabled && !host.disabled;
  return html`
    ${host.disabled ? html`<p class="notice">${words.say('plugin.safe')}</p>` : nothing}
    ${state === 'quarantined' ? html`<div class="notice"><p>${words.say('plugin.quarantined')}</p>${lastStop(words, given)}</div>` : nothing}
    ${blocked ? html`<div class="notice"><p>${words.say('plugin.blocked')}</p>${failure(words, blocked, 'note')}</div>` : nothing}
    ${isRefused ? html`<div class="notice"><p>${words.say('plugin.refused')}</p>${failure(words, refusal, 'note')}</div>` : nothing}
    ${failed ? html`<div class="notice"><p>${words.say('plugin.startFailed')}</p>${failure(words, failed, 'note')}</div>` : nothing}
    ${pending(words, host, plugin, given)}
  `;
}

function pending(words: Words, host: AdminHost, plugin: AdminPlugin, { look, dismiss }: Notices) {
  if (!plugin.pending) return nothing;
  return html`
    <div class="notice">
      <p>${words.put('plugin.waits', { version: versionText(words, plugin.pending.version) })}</p>
      ${
        host.may('install')
          ? html`
        <div class="row">
          <button type="button" class="primary" @click=${look}>${words.say('plugin.look')}</button>
          <button type="button" @click=${dismiss}>${words.say('plugin.dismiss')}</button>
        </div>
      `
          : nothing
      }
    </div>
  `;
}

function lastStop(words: Words, { lastKill }: Notices) {
  if (!lastKill) return nothing;
  const facts = { time: words.time(lastKill.time), why: errorText(words, lastKill.code) };
  if (lastKill.exportName === undefined) return html`<p>${words.say('plugin.lastStop', facts)}</p>`;
  return html`<p>${words.put('plugin.lastStopIn', { ...facts, call: mono(lastKill.exportName) })}</p>`;
}
