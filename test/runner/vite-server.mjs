import { stripVTControlCharacters } from 'node:util';
import { createLogger, createServer } from 'vite';

/**
 * What Vite must not touch: the runner's own pages and scripts, which import virtual modules, and
 * the built files, which a page has to meet as they are shipped.
 */
const OWN = /^\/(?:$|\?|__|wtr|node_modules\/@web\/|dist\/)/;

/**
 * Hands every request but the runner's own to Vite, so that tests load the sources as the
 * playground does, with the same plugins.
 * @param {string} root
 * @returns {{ middleware: import('@web/dev-server-core').Middleware, plugin: import('@web/test-runner').TestRunnerPlugin }}
 */
export function createViteServer(root) {
  /** @type {Promise<import('vite').ViteDevServer> | undefined} */
  let starting;
  return {
    // Not `app.use` in the plugin: that comes after the runner's static files, which would answer
    // a .ts file as it is.
    async middleware(context, next) {
      if (OWN.test(context.url)) return next();
      starting ??= start(root);
      const vite = await starting;
      // Vite answers on the raw response.
      context.respond = false;
      context.res.statusCode = 200;
      if (context.get('sec-fetch-dest') === 'script') keep(context.res);
      vite.middlewares.handle(context.req, context.res, (/** @type {unknown} */ error) => {
        context.res.statusCode = error ? 500 : 404;
        context.res.end(error ? String(error) : `Nothing is served at ${context.path}`);
      });
    },
    plugin: {
      name: 'cloche:vite',
      async serverStop() {
        await (await starting)?.close();
      },
    },
  };
}

/**
 * Nothing changes during a run, and its port is its own: a page of 200 modules need not ask again for those that another
 * has loaded.
 * @param {import('node:http').ServerResponse} response
 */
function keep(response) {
  const set = response.setHeader.bind(response);
  response.setHeader = (name, value) => set(name, /^cache-control$/i.test(name) ? 'max-age=86400, immutable' : value);
}

/** @param {string} root */
function start(root) {
  return createServer({
    root,
    configFile: 'vite.config.ts',
    mode: 'test',
    customLogger: createBriefLogger(),
    appType: 'custom',
    // A reload in the middle of a test would look like a crash of the code under test.
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  });
}

/** Vite logs a broken file for each browser and each attempt, with its own stack. Once is enough. */
function createBriefLogger() {
  const logger = createLogger('warn');
  /** @type {Set<string>} */
  const seen = new Set();
  return {
    ...logger,
    error(/** @type {string} */ message) {
      const [text = ''] = stripVTControlCharacters(message)
        .replace(/\?wtr-session-id=[\w-]+/g, '')
        .split(/\n\s+at /);
      if (seen.has(text)) return;
      seen.add(text);
      console.error(text);
    },
  };
}
