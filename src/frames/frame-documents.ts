// The two documents of a frame as text: the outer one, which is ours alone, and the plugin's page made ready.

import bootstrapSource from './bootstrap/main.ts?source';
import outerSource from './outer-frame.ts?source';
import type { PageSettings } from './page-protocol.ts';

/**
 * What a plugin's page may do: run what it brought along. The outer document has the same policy and `frame-src`: a
 * frame is navigated under the policy of its parent, and a page could otherwise carry data out by navigating itself.
 * https://w3c.github.io/webappsec-csp/#directive-frame-src
 */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'unsafe-inline' data:",
  "style-src 'unsafe-inline' data:",
  'img-src data: blob:',
  'font-src data:',
  'media-src data: blob:',
  // Neither leaves the page; converting a data URL with fetch() is common.
  'connect-src data: blob:',
  // WebKit starts a shared worker from a data URL without the policy of its page, and with the network.
  "worker-src 'none'",
  "form-action 'none'",
].join('; ');

/**
 * Never `allow-same-origin`: together with `allow-scripts` it is not a sandbox at all (U5).
 * https://html.spec.whatwg.org/multipage/iframe-embed-object.html#attr-iframe-sandbox
 */
export function sandboxFlags(modals: boolean | undefined): string {
  return modals ? 'allow-scripts allow-forms allow-modals' : 'allow-scripts allow-forms';
}

/** @param page the document of the inner frame, as it stands in an attribute */
export function outerDocument(page: string, flags: string, nonce: string, policyNonce: string | undefined): string {
  return (
    `<!doctype html>${policy(`${PAGE_POLICY}; frame-src 'none'`)}` +
    script(outerSource, { 'data-nonce': nonce, nonce: policyNonce }) +
    `<iframe sandbox="${flags}" allow="" referrerpolicy="no-referrer" srcdoc="${page}"></iframe>`
  );
}

/**
 * What comes first in a plugin's page, before anything of its own: a parser is in the head then, where it takes the
 * attributes of an `html` tag that comes late, and passes over a second document type and a second `head`.
 * @param importMap as JSON; empty for none
 */
export function pageBootstrap(settings: PageSettings, importMap: string, policyNonce: string | undefined): string {
  return (
    `<!doctype html>${policy(PAGE_POLICY)}` +
    script(bootstrapSource, { 'data-cloche': JSON.stringify(settings), nonce: policyNonce }) +
    `<base href="${attribute(settings.base)}">` +
    (importMap && script(importMap.replaceAll('<', '\\u003c'), { type: 'importmap', nonce: policyNonce }))
  );
}

/** DNS is asked past any policy; this much of it can be switched off. */
function policy(directives: string): string {
  return (
    `<meta http-equiv="Content-Security-Policy" content="${attribute(directives)}">` +
    '<meta http-equiv="x-dns-prefetch-control" content="off">'
  );
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
}

/** Our own scripts only: in text that is not ours these replacements could change what it means. */
function script(source: string, attributes: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(attributes).flatMap(([name, value]) =>
    value === undefined ? [] : [` ${name}="${attribute(value)}"`],
  );
  return `<script${given.join('')}>${source.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--')}</script>`;
}
