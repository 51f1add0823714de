// Cloche's service worker, `cloche-sw.js`: tells a page that one of its workers waits, and carries the answer to it.
// It keeps no state, since a browser may end it between two messages, and it touches no other request.
// https://w3c.github.io/ServiceWorker/#service-worker-lifetime

import type { Hello, Relayed } from '../src/runtime/wire/protocol.ts';

const scope = self as unknown as ServiceWorkerGlobalScope;
const HOST_CALL = /\/__cloche__\/([^/]+)\/([^/]+)$/;

scope.addEventListener('install', () => void scope.skipWaiting());
scope.addEventListener('activate', (event) => event.waitUntil(scope.clients.claim()));

/** A page asks which client it is, so that its workers can name it. */
scope.addEventListener('message', ({ data, source, ports }: ExtendableMessageEvent) => {
  if ((data as Hello)?.type === 'CLOCHE_HELLO' && source instanceof Client) ports[0]?.postMessage(source.id);
});

scope.addEventListener('fetch', (event) => {
  const [, client, token] = HOST_CALL.exec(new URL(event.request.url).pathname) ?? [];
  if (event.request.method === 'POST' && client && token) event.respondWith(ask(client, token));
});

/** The token is a secret between a page and one worker; the page answers only those it gave out. */
async function ask(clientId: string, token: string): Promise<Response> {
  const client = await scope.clients.get(clientId);
  if (!client) return new Response(null, { status: 410 });
  const message: Relayed = { type: 'CLOCHE_HOST_CALL', token };
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise<Response>((resolve) => {
    port1.onmessage = ({ data }: MessageEvent<Uint8Array<ArrayBuffer>>) => resolve(new Response(data));
  });
  client.postMessage(message, [port2]);
  return answer;
}
