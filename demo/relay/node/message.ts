// A checked mail in nodemailer's form. Addresses go over as objects, which it does not parse again.

import type { SendMailOptions } from 'nodemailer';
import type { Mail } from '../functions/smtp-send.ts';

export function toMessage(mail: Mail): SendMailOptions {
  const { from, subject, text, html, replyTo } = mail;
  return {
    messageId: `<${mail.messageId}>`,
    from,
    to: [...mail.to],
    cc: [...mail.cc],
    bcc: [...mail.bcc],
    replyTo,
    subject,
    text,
    html,
    headers: Object.fromEntries(mail.headers),
    // A plugin's text is text, never a file or an address to fetch.
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}
