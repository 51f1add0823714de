// Which addresses a plugin's request may reach: those of the public internet, and no others. Every range that is set aside is
// refused by its name: https://www.iana.org/assignments/iana-ipv4-special-registry and -ipv6-.

import ipaddr from 'ipaddr.js';

/** Of IPv6 nothing else is in public use; IPv4 in the compatible form, `::7f00:1`, is outside of it, too. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** In public ranges, and yet answered by the cloud's own machines: WireServer of Azure. */
const METADATA: ReadonlySet<string> = new Set(['168.63.129.16']);

/** Why an address is refused, or undefined for a public one. @param text as the URL parser or the DNS gives it, without brackets */
export function addressRefusal(text: string): string | undefined {
  if (!ipaddr.isValid(text)) return 'no address';
  const address = ipaddr.parse(text);
  const range = address.range();
  if (range !== 'unicast') return range;
  if (address instanceof ipaddr.IPv6 && !address.match(GLOBAL_UNICAST)) return 'reserved';
  return METADATA.has(address.toString()) ? 'metadata' : undefined;
}
