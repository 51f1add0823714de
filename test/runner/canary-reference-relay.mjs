// The reference relay in a process of its own, as an operator runs it, for tests that need one that is real: started when the first
// asks for it, ended with the runner.
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @typedef {import('./canary-route.ts').Route} Route */

/** @typedef {{ url: string, token: string, secret: string, told: () => string }} Relay */

/**
 * @param {string} root
 * @param {string} secret the value of the secret `token`
 * @returns {Record<string, Route>}
 */
export function createReferenceRelayRoutes(root, secret) {
  /** @type {Promise<Relay> | undefined} */
  let relay;
  return {
    /** `{ url, token, secret }`: plugins `integration` and `tracker` may reach the canary by it, and have the secret `token` there. */
    async 'reference-relay'({ request, response }) {
      relay ??= start(root, `http://${request.headers.host}`, secret);
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify(await relay));
    },
    /** All that it has written: its audit, and what stands in its terminal. */
    async 'reference-relay-told'({ response }) {
      response.setHeader('Content-Type', 'text/plain').end((await relay)?.told());
    },
  };
}

/**
 * @param {string} root
 * @param {string} canary its origin
 * @param {string} secret
 * @returns {Promise<Relay>}
 */
async function start(root, canary, secret) {
  const token = randomBytes(16).toString('hex');
  const folder = mkdtempSync(join(tmpdir(), 'cloche-relay-'));
  const config = join(folder, 'relay.json');
  const elsewhere = canary.replace('127.0.0.1', 'localhost');
  const paths = ['/echo', '/redirect', '/hit', '/status', '/big', '/endless', '/gzip', '/header-bomb'];
  const http = {
    allow: [...paths.map((path) => canary + path), elsewhere, 'http://10.0.0.1'],
    methods: ['GET', 'POST'],
    secrets: { token: { value: secret } },
  };
  const tracker = {
    http: {
      allow: [`${canary}/tracker`, `${elsewhere}/tracker`],
      methods: ['GET', 'POST'],
      secrets: { token: { value: secret, hosts: [canary] } },
    },
  };
  writeFileSync(
    config,
    JSON.stringify({
      listen: { port: 0 },
      audit: 'audit.log',
      innerHosts: [canary, elsewhere],
      limits: { responseBytes: 1 << 16 },
      callers: [
        {
          name: 'tests',
          tokenSha256: [createHash('sha256').update(token).digest('hex')],
          origins: ['http://localhost:*'],
          plugins: { integration: { http }, tracker },
        },
      ],
    }),
  );
  const child = spawn(process.execPath, [join(root, 'scripts/relay.mjs'), '--config', config]);
  process.once('exit', () => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const told = () => output + readFileSync(join(folder, 'audit.log'), 'utf8');
  return { url: await listening(child), token, secret, told };
}

/**
 * @param {import('node:child_process').ChildProcessWithoutNullStreams} child
 * @returns {Promise<string>}
 */
function listening(child) {
  return new Promise((resolve, reject) => {
    let output = '';
    /** @param {Buffer} chunk */
    const read = (chunk) => {
      output += chunk;
      const [, url] = /listens at (\S+)/.exec(output) ?? [];
      if (url) resolve(url);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => reject(new Error(`The reference relay ended with ${code}: ${output}`)));
  });
}
