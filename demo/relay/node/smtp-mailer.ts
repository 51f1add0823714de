// Sends mails to an SMTP server over a few kept connections, and tells what surely did not happen from what may have.

import { createTransport, type NodemailerError, type SMTPPoolSentMessageInfo } from 'nodemailer';
import { failed } from '../functions/relay-function.ts';
import type { Mail, Mailer } from '../functions/smtp-send.ts';
import type { Result } from '../protocol.ts';
import { toMessage } from './message.ts';

export interface SmtpSettings {
  /** Any SMTP URL of nodemailer: `smtps://user:password@mail.example.com`. */
  readonly url: string;
  /** Connections at once; further mails wait. */
  readonly connections: number;
}

export interface SmtpMailer extends Mailer {
  /** Ends the kept connections. */
  close(): void;
}

const CONNECT_MS = 15_000;
/** A server that says nothing for so long has gone, whatever it has done with the mail. */
const SILENCE_MS = 60_000;

export function createSmtpMailer({ url, connections }: SmtpSettings): SmtpMailer {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: connections,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
  });
  /** Message-IDs of mails whose text a server may have: from then on an error without a reply says nothing. */
  const handedOver = new Set<string>();
  transport.use('stream', (mail, done) => {
    mail.message.processFunc((text) => {
      handedOver.add(mail.message.messageId());
      return text;
    });
    done();
  });

  return {
    atOnce: connections,
    async send(mail) {
      const message = toMessage(mail);
      try {
        return toResult(mail, await transport.sendMail(message));
      } catch (error) {
        return refusal(error as NodemailerError, handedOver.has(`${message.messageId}`));
      } finally {
        handedOver.delete(`${message.messageId}`);
      }
    },
    close: () => transport.close(),
  };
}

function toResult({ to, cc, bcc }: Mail, { rejected, rejectedErrors }: SMTPPoolSentMessageInfo): Result {
  if (rejected.length === 0) return { status: 'ok' };
  const reason = rejectedErrors?.[0]?.response ?? 'no reason given';
  const others = to.length + cc.length + bcc.length - rejected.length;
  return failed(`sent to ${others} recipients, but the mail server refused ${rejected.join(', ')}: ${reason}`);
}

/** @throws {NodemailerError} when the server may have the mail. */
function refusal(error: NodemailerError, handedOver: boolean): Result {
  if (error.code === 'EAUTH') return failed("the mail server refused the relay's login");
  if (error.responseCode !== undefined) return failed(`the mail server refused the mail: ${error.response ?? ''}`);
  if (handedOver) throw error;
  return failed(`the mail server could not be reached (${error.originalCode ?? error.code ?? 'no reason given'})`);
}
