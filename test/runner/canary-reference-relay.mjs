// The reference relay in a process of its own, as an operator runs it, for tests that need one that is real: started when the first
// asks for it, ended with the runner.
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @typedef {import('./canary-route.ts').Route} Route */

/**
 * @param {string} root
 * @returns {Record<string, Route>}
 */
export function createReferenceRelayRoutes(root) {
  /** @type {Promise<{ url: string, token: string, secret: string }> | undefined} */
  let relay;
  return {
    /** `{ url, token, secret }`: plugin `integration` may reach the canary by it, and has the secret `token` there. */
    async 'reference-relay'({ request, response }) {
      relay ??= start(root, `http://${request.headers.host}`);
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify(await relay));
    },
  };
}

/**
 * @param {string} root
 * @param {string} canary its origin
 */
async function start(root, canary) {
  const [token, secret] = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex')];
  const folder = mkdtempSync(join(tmpdir(), 'cloche-relay-'));
  const config = join(folder, 'relay.json');
  const http = {
    allow: [`${canary}/echo`, `${canary}/redirect`, `${canary}/hit`],
    secrets: { token: { value: secret } },
  };
  writeFileSync(
    config,
    JSON.stringify({
      listen: { port: 0 },
      audit: 'audit.log',
      innerHosts: [canary],
      callers: [
        {
          name: 'tests',
          tokenSha256: [createHash('sha256').update(token).digest('hex')],
          origins: ['http://localhost:*'],
          plugins: { integration: { http } },
        },
      ],
    }),
  );
  const child = spawn(process.execPath, [join(root, 'scripts/relay.mjs'), '--config', config]);
  process.once('exit', () => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  return { url: await listening(child), token, secret };
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
