// The life of one plugin, top to bottom. A worker serves one plugin and is never reused:
// what a guest may have touched dies with it.

import { ClocheError } from '../src/errors.ts';
import type { CallAnswer, GuestCall, SentCall, StartRequest, WorkerApi } from '../src/runtime/wire/protocol.ts';
import { OtherFacts } from './compile-modules.ts';
import { failureOf } from './failures.ts';
import type { Abi, Guest } from './guest.ts';
import { LeasedData } from './host-calls/leased-data.ts';
import { makeHostCalls } from './host-calls/make-host-calls.ts';
import { lockDown } from './lockdown.ts';
import { LogLines } from './log-lines.ts';
import { ModuleCache, type WorkerScope } from './module-cache.ts';
import { PagePort } from './page-port.ts';
import { warmUp } from './warm-up.ts';

export function servePlugin(scope: WorkerScope, abis: ReadonlyMap<string, Abi>): void {
  // 1. Born: the first message says how to reach the page, past everybody else.
  const cache = new ModuleCache(scope);

  // 2. Disarmed: nothing that a guest could find here reaches storage, network or code loading.
  const kept = lockDown(scope);

  void cache.page.then((port) => {
    const page = new PagePort(port);
    let guest: Guest | undefined;
    let leased: LeasedData | undefined;
    let isAsked = false;
    let warm: Promise<unknown> | undefined;

    const newGuest = (request: StartRequest): Guest => {
      const abi = abis.get(request.guest.abi);
      if (!abi) throw new ClocheError('START_FAILED', `no ABI is named \`${request.guest.abi}\` here`);
      leased = new LeasedData(request.functions, page);
      const hostCalls = makeHostCalls(request.wait, page, kept, leased);
      return abi.newGuest({ request, hostCalls, logs: new LogLines(page, request.logLineBytes), page });
    };

    /** What the page hears of each call besides its result. */
    const endOf = (
      { hasInstance }: Guest,
      call: SentCall,
    ): Pick<CallAnswer, 'instanceEnded' | 'input' | 'leasedCalls'> => {
      const leasedCalls = leased?.end() ?? [];
      return { instanceEnded: !hasInstance, ...returned(call), ...(leasedCalls.length > 0 && { leasedCalls }) };
    };

    const life: WorkerApi = {
      // 3. Loaded and started: limits are written into the bytes, then they are compiled, linked and initialised.
      async start(request) {
        isAsked = true;
        await warm;
        try {
          guest = newGuest(request);
          const modules = await guest.load(cache);
          if (!request.inspectOnly) await guest.start();
          return { ok: true, modules, use: guest.use() };
        } catch (thrown) {
          if (thrown instanceof OtherFacts && guest) return { ok: true, modules: thrown.facts, use: guest.use() };
          return { ok: false, error: failureOf(thrown, 'START_FAILED'), use: null };
        }
      },

      // 4. Called, one call at a time: the page keeps the queue and the deadline.
      async call(call) {
        if (!guest) {
          const error = { code: 'START_FAILED', message: 'called before it was started' } as const;
          return { ok: false, error, use: null, instanceEnded: false };
        }
        try {
          const result = await guest.call(withInput(call));
          return { ok: true, ...result, use: guest.use(), ...endOf(guest, call) };
        } catch (thrown) {
          const error = failureOf(thrown, 'TRAP');
          return { ok: false, error, use: guest.use(), ...endOf(guest, call) };
        }
      },
    };

    page.serve(life);
    kept.later(() => {
      // Whoever waits for this worker needs no other plugin to run first.
      if (isAsked) return;
      // What keeps it from running keeps a plugin from starting, and that start says so.
      warm = Promise.allSettled([...abis.values()].map((abi) => warmUp(abi, page, kept)));
    });
  });

  // 5. Ended: from outside, by `terminate()`. There is no other way out of this file.
}

function withInput(call: SentCall): GuestCall {
  return 'input' in call || 'args' in call ? call : { ...call, input: new Uint8Array() };
}

/** The memory of its input, where the page wants it back. */
function returned(call: SentCall): Pick<CallAnswer, 'input'> {
  return 'input' in call && call.returnInput ? { input: call.input } : {};
}
