// Capability `mail`: e-mail, sent by the server of the embedding app.

import type { Capability } from '../capability.ts';
import type { NameRules } from '../scopes/name-rules.ts';
import { nameScope } from '../scopes/name-scope.ts';
import { sentence } from '../sentences.ts';
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
  sentence: (list) =>
    list
      ? list.length > 0
        ? sentence('mailTo', 'Send e-mail by the server of this site, to {addresses}.', { addresses: list })
        : sentence('mailNobody', 'Send e-mail by the server of this site, to nobody.')
      : sentence(
          'mailAnybody',
          'Send e-mail by the server of this site, to everybody whom that server lets it write to.',
        ),
  except: (addresses) => sentence('exceptMail', 'Except: {addresses}.', { addresses }),
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
      needsServer: sentence('mailServer', 'Only a server can send e-mail, and this site has none for that.'),
    },
    options,
  );
}
