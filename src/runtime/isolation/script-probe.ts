// Asks the page's content security policy about an inline script. A frame from `srcdoc` inherits the policy, and of a
// script that it stops there nobody hears. https://w3c.github.io/webappsec-csp/#security-inherit-csp

import { trustedScript } from '../../util/trusted-types.ts';

/**
 * Whether this page, and so a frame of it, runs an inline script.
 * @param text the very text, since a policy may name its hash. With `data-probe` on its element it sets that to `runs`
 * and does nothing else
 */
export function scriptRuns(text: string, nonce?: string): boolean {
  const probe = document.createElement('script');
  probe.dataset.probe = '';
  if (nonce !== undefined) probe.nonce = nonce;
  probe.textContent = trustedScript(text);
  document.documentElement.append(probe);
  probe.remove();
  return probe.dataset.probe === 'runs';
}
