// An HTTP server on loopback that counts how often it was asked for each key, and answers with what nobody else knows.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface CountingUpstream {
  readonly url: string;
  /** By idempotency key, which is the path. */
  readonly counts: ReadonlyMap<string, number>;
  /** What it answered for a key. */
  answerFor(key: string): string;
  close(): Promise<void>;
}

export async function startCountingUpstream(): Promise<CountingUpstream> {
  const counts = new Map<string, number>();
  const mark = crypto.randomUUID();
  const answerFor = (key: string): string => `${mark} ${key}`;
  const server = createServer((request, response) => {
    const key = request.url?.slice(1) ?? '';
    request.resume().once('end', () => {
      counts.set(key, (counts.get(key) ?? 0) + 1);
      response.end(answerFor(key));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    counts,
    answerFor,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
