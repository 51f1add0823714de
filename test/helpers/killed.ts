// One assertion for "killed", so that no case can forget a part of what it means:
// a typed code, the worker gone, everything pending rejected, an audit entry, a notice, and a page that stays responsive.

import { assert } from 'chai';
import { ClocheError, type ErrorCode, type Host, type KillRecord, type Plugin } from '../../src/index.ts';
import { engine } from './engine.ts';
import { eventually, killsOf } from './hosts.ts';

interface Killing {
  readonly host: Host;
  /** Where there is one yet: a plugin that is killed at its start never was one. */
  readonly plugin?: Plugin;
  readonly id: string;
  readonly code: ErrorCode;
  /** The limit that is passed, in ms; the kill comes no earlier and not much later. */
  readonly afterMs: number;
  /** Undefined for a start. */
  readonly exportName?: string;
  /** Does what gets the plugin killed. Every promise has to reject with `code`, or one of `others` where it only waited. */
  act(): Promise<unknown>;
}

/** Two cores are shared with other browsers: a kill that is missing comes never, so one that is late is told apart. */
const LATE_MS = 1_500;

export async function assertKilled({
  host,
  plugin,
  id,
  code,
  afterMs,
  exportName,
  act,
}: Killing): Promise<ClocheError> {
  const kills = killsOf(host);
  const killsBefore = plugin?.stats.kills ?? 0;
  const starting = plugin === undefined;
  const tasks = watchTasks();
  const began = performance.now();
  const error = await rejection(act());
  const tookMs = performance.now() - began;
  const longest = tasks.stop();

  assert.instanceOf(error, ClocheError);
  const { message } = error as ClocheError;
  assert.equal((error as ClocheError).code, code, message);
  assert.equal((error as ClocheError).plugin, id);
  assert.include(message, `"${id}"`, 'the message names the plugin');

  assert.isAtLeast(tookMs, afterMs - 1, 'not before the limit');
  // A start has the worker's own boot before it.
  if (!starting) assert.isBelow(tookMs, afterMs + LATE_MS, 'soon after the limit');

  assert.lengthOf(kills, 1, 'one kill event');
  const [kill] = kills as [KillRecord];
  assert.deepInclude(kill, { plugin: id, code, exportName });
  assert.include(message, kill.message);
  assert.isAtLeast(kill.afterMs, afterMs - 1);
  assert.isBelow(kill.afterMs, afterMs + LATE_MS);
  if (plugin) assert.equal(plugin.stats.kills, killsBefore + 1);

  const line = host.logs(id).findLast(({ source }) => source === 'host');
  assert.deepInclude(line, { plugin: id, level: 'error' }, 'an audit line');
  assert.equal(line?.text, kill.message);

  if (plugin) assert.include(['asleep', 'quarantined'], plugin.state);
  await eventually(async () => (await host.population()).plugins === 0, 'the worker to be gone');
  // A page that its guest held would stand still until the limit.
  assert.isBelow(longest, afterMs / 2, 'the page stayed responsive');
  return error as ClocheError;
}

/**
 * For tests that share a host: a guest that was killed while it spun takes two seconds more of a core in Chromium, unless its
 * process goes with the frame. What lives in that falls asleep.
 */
export function endSpinners(): void {
  if (!engine.framesApart) return;
  for (const frame of document.querySelectorAll('iframe[title="Cloche"]')) frame.remove();
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (thrown) {
    return thrown;
  }
  return assert.fail('expected a kill, and it resolved');
}

/** The longest task of the page, by what the engine observes; `stop` tells it in ms. */
export function watchTasks(): { stop(): number } {
  if (PerformanceObserver.supportedEntryTypes.includes('longtask')) {
    const durations: number[] = [];
    const note = (entries: PerformanceEntryList): void => {
      durations.push(...entries.map(({ duration }) => duration));
    };
    const observer = new PerformanceObserver((list) => note(list.getEntries()));
    observer.observe({ type: 'longtask' });
    return {
      stop() {
        note(observer.takeRecords());
        observer.disconnect();
        return Math.max(0, ...durations);
      },
    };
  }
  // No observer: a chain of messages, which nothing clamps or throttles, shows every gap. What the machine itself
  // takes away shows too, so only the least of what several gaps have in common would be exact; one is an upper bound.
  const { port1, port2 } = new MessageChannel();
  let last = performance.now();
  let longest = 0;
  port1.onmessage = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    setTimeout(() => port2.postMessage(null), 5);
  };
  port2.postMessage(null);
  return {
    stop() {
      port1.onmessage = null;
      port1.close();
      // The pause between two messages is not a task.
      return Math.max(0, longest - 10);
    },
  };
}
