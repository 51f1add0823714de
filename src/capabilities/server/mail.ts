// Capability `mail`: e-mail, sent by the server of the embedding app.

import { visibleText } from '../../util/text/visible-text.ts';
import type { Capability } from '../capability.ts';
import type { NameRules } from '../scopes/name-rules.ts';
import { nameScope } from '../scopes/name-scope.ts';
import { addressIn, covers, patternIn } from './mail-address.ts';
import { defineRelayed, type RelayedOptions } from './relayed.ts';

/** What can be granted of `mail`: recipients, `ann@example.com`, or `*@example.com` for everybody there. */
export interface MailScope extends NameRules {
  /** The same as `allow`. */
  readonly to?: readonly string[];
}

/** Asked about by `{ to }`. */
export const mailScope = nameScope({
  subject: 'to',
  alias: 'to',
  example: '*@example.com',
  entry: patternIn,
  name: addressIn,
  covers,
  shown: (pattern) => (pattern.startsWith('*@') ? `everybody at ${pattern.slice(2)}` : visibleText(pattern, 320)),
  sentence: (list) =>
    list
      ? `Send e-mail by the server of this site, to ${list.join(', ') || 'nobody'}.`
      : 'Send e-mail by the server of this site, to everybody whom that server lets it write to.',
});

/**
 * E-mail by a relay, which decides who sends it. Scope: {@link MailScope}.
 * @throws {ClocheError} OPTION_INVALID when the relay is not valid
 */
export function mail(options: RelayedOptions = {}): Capability {
  return defineRelayed(
    {
      name: 'mail',
      risk: 'medium',
      scope: mailScope,
      needsServer: 'Only a server can send e-mail, and this site has named none: see the option `relay`.',
    },
    options,
  );
}
