// Capability `mail`: e-mail, sent by the server of the embedding app.

import { visibleText } from '../../util/text/visible-text.ts';
import type { Capability } from '../capability.ts';
import { listScope } from '../list-scope.ts';
import { covers, patternIn } from './mail-address.ts';
import { defineRelayed, type RelayedOptions } from './relayed.ts';

/** What can be granted of `mail`. */
export interface MailScope {
  /** Recipients: `ann@example.com`, or `*@example.com` for everybody there. @default any that the relay allows */
  readonly to?: readonly string[];
}

/**
 * E-mail by a relay, which decides who sends it. Scope: `{ to?: string[] }`.
 * @throws {ClocheError} OPTION_INVALID when the relay is not valid
 */
export function mail(options: RelayedOptions = {}): Capability {
  return defineRelayed(
    {
      name: 'mail',
      risk: 'medium',
      scope: listScope({
        key: 'to',
        example: '*@example.com',
        entry: patternIn,
        covers,
        sentence: (list) =>
          list
            ? `Send e-mail by the server of this site, to ${list.map(shownPattern).join(', ') || 'nobody'}.`
            : 'Send e-mail by the server of this site, to everybody whom that server lets it write to.',
      }),
      needsServer: 'Only a server can send e-mail, and this site has named none: see the option `relay`.',
    },
    options,
  );
}

function shownPattern(pattern: string): string {
  return pattern.startsWith('*@') ? `everybody at ${pattern.slice(2)}` : visibleText(pattern, 320);
}
