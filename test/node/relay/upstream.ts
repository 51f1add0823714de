// A server on loopback that plays the other side of a plugin's request, by path, and remembers what it was asked.

import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type Answering = (request: SeenRequest, response: ServerResponse) => unknown;

export interface UpstreamUnderTest {
  readonly port: number;
  /** In its own spelling: where it listens is 127.0.0.1. */
  url(path: string, host?: string): string;
  readonly seen: SeenRequest[];
  /** How many bytes of bodies have left it. */
  written(): number;
  close(): Promise<void>;
}

/** @param answering by path, without a query; others are 404 */
export async function startUpstream(answering: Readonly<Record<string, Answering>>): Promise<UpstreamUnderTest> {
  const seen: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  let written = 0;
  const listener: RequestListener = async (request, response) => {
    const { method = '', url: path = '', headers } = request;
    const asked = { method, path, headers, body: await text(request) };
    seen.push(asked);
    const answer = answering[path.split('?')[0] ?? ''];
    if (answer) await answer(asked, response);
    else response.writeHead(404).end();
  };
  const server = createServer(listener);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => {
      written += socket.bytesWritten;
      sockets.delete(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: (path, host = '127.0.0.1') => `http://${host}:${port}${path}`,
    seen,
    written: () => [...sockets].reduce((sum, socket) => sum + socket.bytesWritten, written),
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Writes without end, as fast as it is read. */
export function endless(chunk: Uint8Array): Answering {
  return (_, response) => {
    const write = (): void => {
      while (!response.destroyed) if (!response.write(chunk)) return void response.once('drain', write);
    };
    write();
  };
}

/** One byte now and then, so that no timeout of silence is ever over. */
export const slow: Answering = (_, response) => {
  const timer = setInterval(() => response.write('x'), 20);
  response.once('close', () => clearInterval(timer));
};

/** A server that answers each connection with bytes of its own, which need not be HTTP. */
export async function startRaw(behave: (socket: Socket) => void): Promise<{ port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    // Whoever is cut off breaks the connection.
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
    socket.once('data', () => behave(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
