// The function of capability `mail` (WS24).
//
//   smtp_send { to, cc?, bcc?, subject, text?, html?, headers? } -> { status, error? }; 0 where the request is not JSON

import type { HostCallContext } from '../../../capabilities/host-function.ts';
import { checkAllowed } from '../../../capabilities/scopes/check-allowed.ts';
import { hidesControls } from '../../../capabilities/server/encoded-words.ts';
import { mailScope } from '../../../capabilities/server/mail.ts';
import { addressIn } from '../../../capabilities/server/mail-address.ts';
import { visibleText } from '../../../util/text/visible-text.ts';
import { goList, goMap, goString, goStruct, type ValueOf } from '../go/json.ts';
import { relayedFunction } from './relayed-function.ts';

const Request = goStruct('plugins.SMTPSendRequest', {
  to: goList(goString),
  cc: goList(goString),
  bcc: goList(goString),
  subject: goString,
  text: goString,
  html: goString,
  headers: goMap(goString),
});

/** They say where a mail goes, who sent it, and how it is read: fields of the request, or none of a plugin's business. */
const RESERVED =
  /^(?:to|cc|bcc|from|sender|return-path|received|date|message-id|mime-version|subject|(?:resent|content)-.*)$/i;

const HIDDEN = 'hides a line break, or something that cannot be told, in an encoded word';

export const smtpSend = relayedFunction({
  request: Request,
  answer: goStruct('plugins.SMTPSendResponse', { status: goString, error: goString }),
  malformed: () => undefined,
  refuse: () => undefined,
  unserved: 'smtp sender not configured',
  guard: (request, context) => injectionIn(request) ?? strangerIn(request, context),
  always: ['to', 'subject'],
  accept: () => ({ status: 'ok' }),
  fail: (error) => ({ status: 'error', error }),
});

/** What could become another header or another recipient (N12). The relay checks the same, and more. */
function injectionIn({ to, cc, bcc, subject, headers }: ValueOf<typeof Request>): string | undefined {
  const wrong = [...to, ...cc, ...bcc].find((recipient) => addressIn(recipient) === undefined);
  if (wrong !== undefined) return `not a mail address: ${JSON.stringify(wrong.slice(0, 200))}`;
  const named = [...to, ...cc, ...bcc].find(hidesControls);
  if (named !== undefined) return `the name of a recipient ${HIDDEN}: ${JSON.stringify(named.slice(0, 200))}`;
  if (breaksLine(subject)) return 'subject has a line break or another control character';
  if (hidesControls(subject)) return `subject ${HIDDEN}`;
  const names = new Set<string>();
  for (const [name, value] of headers) {
    if (names.size === names.add(name.toLowerCase()).size) return `header ${name} is given twice`;
    if (!/^[A-Za-z][A-Za-z0-9-]{0,75}$/.test(name)) return `not a header name: ${JSON.stringify(name.slice(0, 100))}`;
    if (RESERVED.test(name)) return `header ${name} may not be set`;
    if (breaksLine(value)) return `header ${name} has a line break or another control character`;
    if (hidesControls(value)) return `header ${name} ${HIDDEN}`;
    if (isReplyTo(name) && addressIn(value) === undefined) return 'header Reply-To is not a mail address';
  }
  return undefined;
}

/** @throws {ClocheError} PERMISSION_DENIED */
function strangerIn({ to, cc, bcc, headers }: ValueOf<typeof Request>, context: HostCallContext): undefined {
  // Who gets the answers hears as much as who gets the mail.
  const answers = [...headers].filter(([name]) => isReplyTo(name)).map(([, value]) => value);
  for (const recipient of [...to, ...cc, ...bcc, ...answers]) {
    const text = `recipient not allowed: ${visibleText(addressIn(recipient) ?? '', 320)}`;
    checkAllowed('mail', mailScope, context, { to: recipient }, text);
  }
}

function isReplyTo(name: string): boolean {
  return name.toLowerCase() === 'reply-to';
}

function breaksLine(text: string): boolean {
  return /[^\P{Cc}\t]|[\u2028\u2029]/u.test(text);
}
