// `npm run relay`: starts the relay, says how to use it, and stops it properly.
//   npm run relay                        a relay for development, made on the first run in demo/relay/data
//   npm run relay -- --config relay.json your own, see demo/relay/README.md
//   npm run relay -- --port 9000         another port than the configuration's
//   npm run relay -- --data folder       a relay for development in another folder

import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { prepareDevelopment } from './first-run.ts';
import { type RelayServer, startServer } from './server.ts';
import { readServerConfig } from './server-config.ts';

const dataFolder = join(import.meta.dirname, '../data');

/** Runs until a signal ends it. */
export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { config: { type: 'string' }, port: { type: 'string' }, data: { type: 'string' } },
  });
  const development = values.config ? undefined : await prepareDevelopment(resolve(values.data ?? dataFolder));
  const config = readServerConfig(values.config ?? development?.configFile ?? '');
  if (values.port !== undefined) config.listen.port = Number(values.port);

  const server = await startServer(config, report).catch((error) => {
    throw error.code === 'EADDRINUSE'
      ? new Error(`Port ${config.listen.port} is taken: choose another with --port`)
      : error;
  });
  endOnSignal(server);
  console.log(`The relay listens at ${server.url} (Ctrl-C ends it)`);
  console.log(config.smtp ? 'Mails go to the SMTP server' : `Mails are kept in ${config.outbox}`);
  if (development) {
    console.log(`Its configuration is ${development.configFile}. A host uses it with:\n`);
    console.log(`  relay: { url: '${server.url}', headers: { Authorization: 'Bearer ${development.token}' } }\n`);
  }
}

function endOnSignal(server: RelayServer): void {
  const end = async () => {
    // A second signal ends the process as it would any other.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, end);
    console.log('The relay stops when its calls have ended');
    const ended = await server.stop();
    if (!ended) console.error('Some calls did not end in time; what they did is unknown');
    process.exit(ended ? 0 : 1);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, end);
}

/** For the operator: with its stack, on the stream that is not the audit's. */
function report(error: unknown): void {
  console.error(error);
}
