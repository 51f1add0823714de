// The canary: a server on a second origin that counts what reaches it. A test that claims "nothing
// leaks" asserts a count of zero here, next to a positive control that is seen.
import { createServer } from 'node:http';
import { createRoutes } from './canary-routes.mjs';

/**
 * Starts the canary on a free port.
 * @param {string} root
 */
export async function startCanary(root) {
  const routes = createRoutes(root);
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://canary.invalid');
    const [, name = '', ...rest] = url.pathname.split('/');
    // Open to every origin, and to isolated pages: only the sandbox may be what stops a request.
    response.setHeader('Access-Control-Allow-Origin', request.headers.origin ?? '*');
    response.setHeader('Access-Control-Allow-Credentials', 'true');
    response.setHeader('Access-Control-Expose-Headers', '*');
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    response.setHeader('Cache-Control', 'no-store');
    if (request.method === 'OPTIONS' && 'access-control-request-method' in request.headers) {
      const asked = request.headers['access-control-request-headers'] ?? '';
      response.setHeader('Access-Control-Allow-Headers', asked);
      response.setHeader('Access-Control-Allow-Methods', request.headers['access-control-request-method'] ?? '*');
      // A preflight is a leak as much as the request after it, so it counts.
      if (name === 'hit') routes.hit?.({ request, response, url, rest });
      else response.writeHead(204).end();
      return;
    }
    const route = Object.hasOwn(routes, name) ? routes[name] : undefined;
    if (!route) {
      response.writeHead(404).end(`No route ${url.pathname}`);
      return;
    }
    Promise.resolve(route({ request, response, url, rest })).catch((error) => {
      if (!response.headersSent) response.writeHead(500);
      response.end(String(error));
    });
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', () => done(undefined)));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The canary has no port');
  return {
    // The runner's page is on `localhost`: with another host name it is another site as well.
    origin: `http://127.0.0.1:${address.port}`,
    stop: () =>
      new Promise((done) => {
        server.close(() => done(undefined));
        server.closeAllConnections();
      }),
  };
}
