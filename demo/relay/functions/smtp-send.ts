// `smtp_send`: a mail to people whom the grant allows, from the sender that it fixes. What could start a header line of
// its own, or pass for another sender, is refused before anything is composed (N12).

import * as v from 'valibot';
import { hidesControls } from '../../../src/capabilities/server/encoded-words.ts';
import type { MailGrant } from '../config.ts';
import { hasControls, type MailAddress, matchesMailPattern, readMailAddress } from '../mail-address.ts';
import { Problem } from '../problem.ts';
import type { Result } from '../protocol.ts';
import { Turns } from '../turns.ts';
import { answer, decode, defineFunction, failed, type RelayFunction, text, textMap, texts } from './relay-function.ts';

export interface Mail {
  /** Without angle brackets. The same for each attempt of one call, so that a receiver can drop a repeat. */
  readonly messageId: string;
  readonly from: MailAddress;
  readonly to: readonly MailAddress[];
  readonly cc: readonly MailAddress[];
  readonly bcc: readonly MailAddress[];
  readonly replyTo: MailAddress | undefined;
  readonly subject: string;
  readonly text: string | undefined;
  readonly html: string | undefined;
  readonly headers: ReadonlyMap<string, string>;
}

export interface Mailer {
  /** Mails that it can send at the same time. More wait, and have not begun yet. */
  readonly atOnce: number;
  /**
   * Hands a mail to a server, or keeps it; an error result when the server refuses it or was never reached.
   * @throws when the connection broke while the server may have had the mail.
   */
  send(mail: Mail): Promise<Result>;
}

const Request = v.object({
  to: texts,
  cc: texts,
  bcc: texts,
  subject: text,
  text: v.nullish(v.string()),
  html: v.nullish(v.string()),
  headers: textMap,
});

/** RFC 5322, 2.1.1. */
const LONGEST_LINE = 998;
const MOST_HEADERS = 32;
const HEADER_NAME = /^[A-Za-z][A-Za-z0-9-]{0,75}$/;
/** No others: the rest says who sent the mail, where it goes, or how it is to be read. */
const FREE_HEADERS =
  /^(?:x-.+|reply-to|in-reply-to|references|auto-submitted|precedence|importance|priority|list-(?:id|help|archive|unsubscribe|unsubscribe-post))$/i;

const HIDDEN = 'hides a line break, or something that cannot be told, in an encoded word';

export function smtpSend(mailer: Mailer, mostRecipients: number): RelayFunction {
  const turns = new Turns(mailer.atOnce);
  return defineFunction({
    name: 'smtp_send',
    capability: 'mail',
    prepare(args, grant, call) {
      const request = decode(Request, args);
      // The contract has no words for this: the plugin hears offset 0.
      if (!request) throw new Problem('bad_request', 'The arguments are not those of smtp_send');
      const from = readMailAddress(grant.from);
      if (from === undefined)
        throw new Error(`${grant.from} is not an address, which the configuration should have refused`);

      const refused = refusal(request, mostRecipients);
      if (refused !== undefined) return answer(failed(refused));
      const [to, cc, bcc] = [request.to, request.cc, request.bcc].map(readAll) as [
        MailAddress[],
        MailAddress[],
        MailAddress[],
      ];
      const headers = new Map(Object.entries(request.headers));
      const replyTo = takeReplyTo(headers);
      for (const person of [...to, ...cc, ...bcc, ...(replyTo ? [replyTo] : [])]) checkGrant(grant, person);

      const domain = from.address.slice(from.address.lastIndexOf('@') + 1);
      const content = { subject: request.subject, text: request.text ?? undefined, html: request.html ?? undefined };
      const mail = { messageId: `${call.key}@${domain}`, from, to, cc, bcc, replyTo, headers, ...content };
      return { kind: 'effect', turns, run: () => mailer.send(mail) };
    },
  });
}

/** Why these arguments make no mail, or undefined. */
function refusal(
  { to, cc, bcc, subject, headers }: v.InferOutput<typeof Request>,
  mostRecipients: number,
): string | undefined {
  const recipients = [...to, ...cc, ...bcc];
  if (to.length === 0) return 'to is required';
  if (recipients.length > mostRecipients) return `more than ${mostRecipients} recipients`;
  const wrong = recipients.find((recipient) => readMailAddress(recipient) === undefined);
  if (wrong !== undefined) return `not a mail address: ${JSON.stringify(wrong.slice(0, 200))}`;
  const named = recipients.find(hidesControls);
  if (named !== undefined) return `the name of a recipient ${HIDDEN}: ${JSON.stringify(named.slice(0, 200))}`;
  if (hasControls(subject)) return 'subject has a line break or another control character';
  if (hidesControls(subject)) return `subject ${HIDDEN}`;
  if (subject.length > LONGEST_LINE) return `subject is longer than ${LONGEST_LINE} characters`;
  const entries = Object.entries(headers);
  if (entries.length > MOST_HEADERS) return `more than ${MOST_HEADERS} headers`;
  const twice = entries.find(([name], index) => entries.findIndex(([other]) => isSame(name, other)) !== index);
  if (twice) return `header ${JSON.stringify(twice[0].slice(0, 100))} is given twice`;
  return entries.map(([name, value]) => headerRefusal(name, value)).find((reason) => reason !== undefined);
}

function headerRefusal(name: string, value: string): string | undefined {
  if (!HEADER_NAME.test(name)) return `not a header name: ${JSON.stringify(name.slice(0, 100))}`;
  if (!FREE_HEADERS.test(name)) return `header ${name} may not be set`;
  if (hasControls(value)) return `header ${name} has a line break or another control character`;
  if (hidesControls(value)) return `header ${name} ${HIDDEN}`;
  if (value.length > LONGEST_LINE) return `header ${name} is longer than ${LONGEST_LINE} characters`;
  if (isSame(name, 'Reply-To') && readMailAddress(value) === undefined) return 'header Reply-To is not a mail address';
  return undefined;
}

function isSame(name: string, other: string): boolean {
  return name.toLowerCase() === other.toLowerCase();
}

function readAll(texts: readonly string[]): MailAddress[] {
  return texts.map(readMailAddress).filter((address) => address !== undefined);
}

function takeReplyTo(headers: Map<string, string>): MailAddress | undefined {
  const name = [...headers.keys()].find((key) => isSame(key, 'Reply-To'));
  const value = name === undefined ? undefined : headers.get(name);
  if (name !== undefined) headers.delete(name);
  return value === undefined ? undefined : readMailAddress(value);
}

function checkGrant(grant: MailGrant, person: MailAddress): void {
  if (grant.to.some((pattern) => matchesMailPattern(pattern, person))) return;
  throw new Problem('forbidden', `This plugin may not write to ${person.address}, or have answers sent there`);
}
