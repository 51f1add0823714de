// The life of one plugin, top to bottom. A worker serves one plugin and is never reused:
// what a guest may have touched dies with it.

import { expose, transfer } from 'comlink';
import type { WorkerApi } from '../src/runtime/wire/protocol.ts';
import { Engine } from './extism/engine.ts';
import { failureOf } from './failures.ts';
import { makeHostCalls } from './host-calls/make-host-calls.ts';
import { lockDown } from './lockdown.ts';
import { LogLines } from './log-lines.ts';
import { ModuleCache } from './module-cache.ts';
import { warmUp } from './warm-up.ts';

// 1. Born: the first message brings the port that only this worker and the page hold.
const cache = new ModuleCache(self as DedicatedWorkerGlobalScope);

// 2. Disarmed: nothing that a guest could find here reaches storage, network or code loading.
const kept = lockDown(self);

void cache.port.then((page) => {
  let engine: Engine | undefined;
  // What keeps it from running keeps a plugin from starting, and that start says so.
  const warm = warmUp(page, kept).catch(() => undefined);

  const life: WorkerApi = {
    // 3. Loaded and started: limits are written into the bytes, then they are compiled, linked and initialised.
    async start(request) {
      await warm;
      try {
        const logs = new LogLines(page, request.logLineBytes);
        const hostCalls = makeHostCalls(request.wait, page, kept);
        engine = new Engine(request, hostCalls, logs);
        const modules = await engine.load(cache);
        if (!request.inspectOnly) await engine.start();
        return { ok: true, modules, use: engine.use() };
      } catch (thrown) {
        return { ok: false, error: failureOf(thrown, 'START_FAILED'), use: null };
      }
    },

    // 4. Called, one call at a time: the page keeps the queue and the deadline.
    async call(name, input) {
      if (!engine)
        return { ok: false, error: { code: 'START_FAILED', message: 'called before it was started' }, use: null };
      try {
        const output = await engine.call(name, input);
        return transfer({ ok: true, output, use: engine.use() }, [output.buffer]);
      } catch (thrown) {
        return { ok: false, error: failureOf(thrown, 'TRAP'), use: engine.use() };
      }
    },
  };

  expose(life, page);
});

// 5. Ended: from outside, by `terminate()`. There is no other way out of this file.
