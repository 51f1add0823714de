// A call or a start while it is under way: an abort ends its worker, what its host functions have left to do is waited for, and
// what it has cost is counted. Its deadline is its own, see `running-call.ts`.

import type { ClocheError } from '../../errors.ts';
import { dispose } from '../../util/dispose.ts';
import type { CpuMeter } from '../cpu-meter.ts';
import type { RunnerContext } from '../runner-context.ts';
import * as errors from '../runner-errors.ts';
import type { RunnerLifecycle } from '../runner-lifecycle.ts';
import type { RunnerState } from '../runner-state.ts';
import type { RunnerStats } from '../runner-stats.ts';
import type { RunningCall } from './running-call.ts';

type StateWithCall = Extract<RunnerState, { readonly call: unknown }> & { readonly call: RunningCall };

/** Of a runner. */
export interface WatchDeps {
  readonly life: RunnerLifecycle;
  readonly context: RunnerContext;
  readonly stats: RunnerStats;
  readonly cpuMeter: CpuMeter;
}

/** Waits for the worker, and then for what host functions have left to do; whatever happens, the call is over after it. */
export async function watchCall<T extends { readonly ok: boolean }>(
  deps: WatchDeps,
  state: StateWithCall,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  let answer: T | undefined;
  try {
    answer = await untilAnswered(deps, state, signal, work);
    return answer;
  } finally {
    const { end, oneWay } = state.call;
    const closing = oneWay.close();
    if (closing) await closing;
    const finished = end.run();
    if (end.hasTasks) await finish(deps, finished, state.call, answer?.ok ?? false);
  }
}

/** Of a call that has failed anyway only the log hears what else went wrong. */
async function finish(
  { context, stats }: WatchDeps,
  finished: Promise<void>,
  call: RunningCall,
  succeeded: boolean,
): Promise<void> {
  try {
    await finished;
  } catch (thrown) {
    const error = errors.unfinished(context.id, thrown);
    if (!succeeded) return context.unfinished(error);
    stats.failed(call);
    throw error;
  }
}

/** Or until something ends the worker. */
async function untilAnswered<T>(
  { life, context, stats, cpuMeter }: WatchDeps,
  state: StateWithCall,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  const { call, sandbox } = state;
  const aborted = (): ClocheError => errors.aborted(context.id, signal as AbortSignal);
  const abort = (): void => life.rest(aborted());
  signal?.addEventListener('abort', abort, { once: true });
  let isBlamed = true;
  try {
    if (signal?.aborted) throw aborted();
    // Stopped a moment ago, the sandbox says why.
    if (life.holds(sandbox)) life.enter(state);
    return await work();
  } catch (thrown) {
    isBlamed = !errors.isBlameless(thrown);
    if (isBlamed) stats.failed(call);
    else stats.forget(call);
    throw errors.named(context.id, thrown);
  } finally {
    call[dispose]();
    signal?.removeEventListener('abort', abort);
    if (isBlamed) cpuMeter.add(call.computedMs);
  }
}
