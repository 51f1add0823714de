// A relay in a process of its own, as `npm run relay` starts it, so that it can be stopped and killed like one.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface RelayProcess {
  readonly child: ChildProcess;
  readonly url: string;
  /** What it has written to both of its streams. */
  output(): string;
  /** Sends the signal and waits for the end. Returns the exit code, or null when the signal killed it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

const script = join(import.meta.dirname, '../../../scripts/relay.mjs');

/**
 * Starts a relay and waits until it listens.
 * @throws {Error} with its output when it ends instead.
 */
export async function startRelayProcess(configFile: string): Promise<RelayProcess> {
  const child = spawn(process.execPath, [script, '--config', configFile], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  let text = '';
  const url = new Promise<string>((resolve) => {
    const read = (chunk: string) => {
      text += chunk;
      const listening = /listens at (\S+)/.exec(text)?.[1];
      if (listening !== undefined) resolve(listening);
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
  });
  const failed = ended.then((code) => {
    throw new Error(`The relay ended with ${code}: ${text}`);
  });
  return {
    child,
    url: await Promise.race([url, failed]),
    output: () => text,
    end(signal) {
      child.kill(signal);
      return ended;
    },
  };
}
