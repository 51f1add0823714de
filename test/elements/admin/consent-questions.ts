// What <cloche-consent> is asked in tests, and how they answer it.

import { html } from 'lit';
import '../../../src/elements/admin/consent/consent.ts';
import type { ClocheConsent } from '../../../src/elements/admin/consent/consent.ts';
import type { Host, PermissionQuestion, PluginRequest } from '../../../src/index.ts';
import { find, renderElement, until } from '../../helpers/render.ts';

const wasm = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);

export const source = (version: string, permissions: object, more: object = {}) => ({
  wasm,
  manifest: { cloche: 1, id: 'standup', name: 'Daily standup', version, permissions, ...more },
});

export const FIRST = { http: { allow: ['*.example.com'], reason: 'reads' }, mail: { optional: true }, kv: true };
/** What a plugin may say of itself. */
export const EVIL = '<img src=x onerror="globalThis.evil=1"><b>bold</b> \u202eevil';

/** An element that asks for a host. */
export async function consentOf(host: Host): Promise<ClocheConsent> {
  return renderElement<ClocheConsent>(html`<cloche-consent .host=${host}></cloche-consent>`);
}

export const dialog = (element: ClocheConsent): HTMLDialogElement => find(element, 'dialog');

export const has = (element: ClocheConsent, selector: string): boolean =>
  element.shadowRoot?.querySelector(selector) != null;

export const asked = (element: ClocheConsent) => until(() => has(element, '.no'), 'the question');

export const armed = (element: ClocheConsent) =>
  until(() => has(element, '.no') && !has(element, '[inert]'), 'the question to be open for an answer');

export const press = (element: ClocheConsent, selector: string): void => find<HTMLElement>(element, selector).click();

export const dismiss = (element: ClocheConsent): void => {
  dialog(element).dispatchEvent(new Event('cancel', { cancelable: true }));
};

const request: PluginRequest = {
  capability: 'mail',
  risk: 'medium',
  status: 'granted',
  sentences: [
    {
      text: 'Send e-mail by the server of this site, to ann@a.example.',
      form: 'mailTo',
      names: { addresses: ['ann@a.example'] },
    },
  ],
  unmet: [],
  needsServer: undefined,
  reason: EVIL,
  optional: true,
  scope: undefined,
  granted: false,
  given: [],
  missing: [],
};

export const question = (id = 'p'): PermissionQuestion => ({ plugin: { id, name: EVIL, version: '1' }, request });
export const never = new AbortController().signal;
