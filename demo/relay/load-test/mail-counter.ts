// An SMTP server on loopback that counts how often it has got each mail.

import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

export interface MailCounter {
  readonly url: string;
  /** By idempotency key, which is the first half of the Message-ID. */
  readonly counts: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

export async function startMailCounter(): Promise<MailCounter> {
  const counts = new Map<string, number>();
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData(stream, _session, callback) {
      text(stream).then((source) => {
        const key = /^Message-ID: <([^@]+)@/im.exec(source)?.[1] ?? '';
        counts.set(key, (counts.get(key) ?? 0) + 1);
        callback(null);
      }, callback);
    },
  });
  // A relay that is killed breaks its connections, some in the middle of a mail: that one has not arrived.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    counts,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
