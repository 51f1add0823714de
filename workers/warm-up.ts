// Runs a plugin of nothing. Most of a start is the engine compiling this worker's code at its first use, which is
// several times the work itself; a spare has the time for it, and a plugin that was just killed has not.

import type { StartRequest } from '../src/runtime/wire/protocol.ts';
import { Engine } from './extism/engine.ts';
import { makeHostCalls } from './host-calls/make-host-calls.ts';
import type { Kept } from './lockdown.ts';
import { LogLines } from './log-lines.ts';
import guest from './warm-up.wat';

/** `exchangeBytes` is the default one: the kernel is compiled for it, and kept. */
const REQUEST: StartRequest = {
  modules: [{ name: 'main', key: '', bytes: guest }],
  limits: { memoryPages: 1, growthPages: 1, tableElements: 0 },
  inspectOnly: false,
  functions: [],
  config: [],
  varBytes: 0,
  exchangeBytes: 16 << 20,
  logLevel: 'off',
  logLineBytes: 64,
  instance: 'persistent',
  wait: { way: 'none' },
};

export async function warmUp(page: MessagePort, kept: Kept): Promise<void> {
  const engine = new Engine(REQUEST, makeHostCalls(REQUEST.wait, page, kept), new LogLines(page, REQUEST.logLineBytes));
  await engine.load({ cached: async () => new Map(), give: async () => undefined });
  await engine.start();
  await engine.call('run', new Uint8Array(1));
}
