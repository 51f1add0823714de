// The script of another tab, as far as a frame of the same origin is one: see open-tab.ts.

import { ClocheError, createHost, defaultCapabilities, type Host, windmillCapabilities } from '../../src/index.ts';

export interface Tab extends Window {
  start(storage: string, databases?: 'memory' | 'durable'): Promise<void>;
  /** The host of this tab: what it returns is of another realm. */
  readonly host: Host;
  /** Resolves when all calls have come back. */
  repeat(id: string, name: string, times: number): Promise<void>;
  /** Resolves with the code that `work` fails with, or 'ok'. */
  outcome(work: Promise<unknown> | undefined): Promise<string>;
}

const tab = window as unknown as Omit<Tab, 'host'> & { host: Host };

tab.start = async (storage, placement) => {
  const more = placement ? await windmillCapabilities({ databases: { storage, placement } }) : [];
  const capabilities = [...defaultCapabilities({ storage }), ...more];
  const limits = { startTimeoutMs: 20_000, ...(placement && { timeoutMs: 60_000 }) };
  tab.host = await createHost({ storage, capabilities, limits });
};
tab.repeat = async (id, name, times) => {
  for (let i = 0; i < times; i++) await tab.host.get(id)?.call(name);
};
tab.outcome = async (work) => {
  try {
    await work;
    return 'ok';
  } catch (error) {
    if (error instanceof ClocheError) return error.code;
    throw error;
  }
};
parent.postMessage('ready', '*');
