// The script of another tab, as far as a frame of the same origin is one: see two-tabs.test.ts.

import { createHost, type Host } from '../../src/index.ts';

export interface Tab extends Window {
  start(storage: string): Promise<void>;
  /** Resolves when all calls have come back. */
  repeat(id: string, name: string, times: number): Promise<void>;
}

const tab = window as unknown as Tab;
let host: Host;

tab.start = async (storage) => {
  host = await createHost({ storage });
};
tab.repeat = async (id, name, times) => {
  for (let i = 0; i < times; i++) await host.get(id)?.call(name);
};
parent.postMessage('ready', '*');
