// Keeps mails as .eml files instead of sending them: for development, where no SMTP server is set.

import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import type { Mailer } from '../functions/smtp-send.ts';
import { toMessage } from './message.ts';

export function createOutboxMailer(folder: string): Mailer {
  const transport = createTransport({ streamTransport: true, buffer: true });
  return {
    atOnce: 16,
    async send(mail) {
      const { message } = await transport.sendMail(toMessage(mail));
      await mkdir(folder, { recursive: true });
      // A key and a domain, see `messageId`: nothing in it leads to another folder.
      const file = join(folder, `${mail.messageId}.eml`);
      // Under its name only when it is whole: others may watch the folder.
      await writeFile(`${file}.part`, message as Buffer);
      await rename(`${file}.part`, file);
      return { status: 'ok' };
    },
  };
}
