// The function of capability `mail`.
//
//   smtp_send { to, cc?, bcc?, subject, text?, html?, headers? } -> { status, error? }; 0 where the request is no JSON

import { ClocheError } from '../errors.ts';
import { goList, goMap, goString, goStruct, type ValueOf } from '../manifest/go-json.ts';
import { visibleText } from '../visible-text.ts';
import type { HostCallContext } from './capability.ts';
import { listIn } from './list-scope.ts';
import { addressIn, covers } from './mail-address.ts';
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
  if (breaksLine(subject)) return 'subject has a line break or another control character';
  for (const [name, value] of headers) {
    if (!/^[A-Za-z][A-Za-z0-9-]{0,75}$/.test(name)) return `not a header name: ${JSON.stringify(name.slice(0, 100))}`;
    if (RESERVED.test(name)) return `header ${name} may not be set`;
    if (breaksLine(value)) return `header ${name} has a line break or another control character`;
  }
  return undefined;
}

/** @throws {ClocheError} PERMISSION_DENIED */
function strangerIn({ to, cc, bcc }: ValueOf<typeof Request>, { grant, policy }: HostCallContext): undefined {
  for (const allowed of [listIn(grant, 'to'), listIn(policy, 'to')]) {
    for (const recipient of [...to, ...cc, ...bcc]) {
      const address = addressIn(recipient) ?? '';
      if (!allowed || allowed.some((pattern) => covers(pattern, address))) continue;
      throw new ClocheError('PERMISSION_DENIED', `recipient not allowed: ${visibleText(address, 320)}`);
    }
  }
}

function breaksLine(text: string): boolean {
  return /[^\P{Cc}\t]|[\u2028\u2029]/u.test(text);
}
