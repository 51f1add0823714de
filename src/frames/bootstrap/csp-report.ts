// What the policies of the frame and of the host's page mean for this page: tells what they block, and gives Trusted
// Types a policy where they are enforced, since the page knows nothing of them.

import type { AssetFinder } from '../asset-finder.ts';
import type { HostChannel } from './host-channel.ts';

interface TrustedTypes {
  createPolicy(name: string, rules: Record<string, (text: string) => string>): unknown;
}

export function installCspReport(channel: HostChannel, finder: AssetFinder): void {
  addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
    // Our own policy lets them run.
    if (effectiveDirective.startsWith('script-src') && /^(?:data|inline)\b/.test(blockedURI))
      channel.post({ type: 'BLOCKED' });
    // Those are swapped for what may load.
    if (finder.find(blockedURI, finder.root) === undefined) channel.note(`${effectiveDirective} blocked ${blockedURI}`);
  });
  if (!enforcesTrustedTypes()) return;
  const same = (text: string): string => text;
  const rules = { createHTML: same, createScript: same, createScriptURL: same };
  try {
    (window as unknown as { trustedTypes: TrustedTypes }).trustedTypes.createPolicy('default', rules);
  } catch {
    channel.note(
      "The policy of the host's page enforces Trusted Types without `default`: setting innerHTML fails here",
    );
  }
}

function enforcesTrustedTypes(): boolean {
  try {
    document.createElement('template').innerHTML = 'text';
    return false;
  } catch {
    // That is the answer.
    return true;
  }
}
