// A real SMTP server on loopback that keeps what it takes, and misbehaves on request.

import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface Received {
  readonly messageId: string;
  readonly from: string;
  readonly to: readonly string[];
  /** Header and body as they came. */
  readonly source: string;
}

export interface SmtpSink {
  readonly url: string;
  readonly received: Received[];
  /** Texts of mails that were handed over, taken or not. */
  readonly handedOver: string[];
  /** What to do with the next mails; undefined takes them. */
  behave: { refuseRecipient?: string; refuseMail?: boolean; hangUpAfterText?: boolean; holdMs?: number };
  close(): Promise<void>;
}

export async function startSmtpSink(): Promise<SmtpSink> {
  const received: Received[] = [];
  const handedOver: string[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo({ address }, _session, callback) {
      const refused = address === sink.behave.refuseRecipient;
      callback(refused ? Object.assign(new Error('No such person here'), { responseCode: 550 }) : null);
    },
    async onData(stream, session, callback) {
      const source = Buffer.concat(await stream.toArray()).toString();
      handedOver.push(source);
      const { refuseMail, hangUpAfterText, holdMs } = sink.behave;
      if (refuseMail) return callback(Object.assign(new Error('Not today'), { responseCode: 554 }));
      if (hangUpAfterText) return void hangUp(server);
      if (holdMs) await new Promise((resolve) => setTimeout(resolve, holdMs));
      const { mailFrom, rcptTo } = session.envelope;
      received.push({
        messageId: /^Message-ID: <(.+)>\r$/im.exec(source)?.[1] ?? '',
        from: mailFrom ? mailFrom.address : '',
        to: rcptTo.map(({ address }) => address),
        source,
      });
      callback(null);
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  const sink: SmtpSink = {
    url: `smtp://127.0.0.1:${port}`,
    received,
    handedOver,
    behave: {},
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return sink;
}

/** Breaks every connection without a word. */
function hangUp(server: SMTPServer): void {
  for (const connection of server.connections)
    (connection as unknown as { _socket: { destroy(): void } })._socket.destroy();
}
