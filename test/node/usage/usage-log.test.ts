import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HostCallEvent, HostEventTarget, KillEvent, PluginChangeEvent } from '../../../src/events.ts';
import { bucketOf, emptyDurations } from '../../../src/runtime/call-durations.ts';
import { UsageLog } from '../../../src/usage/usage-log.ts';
import { asyncDispose } from '../../../src/util/dispose.ts';

const USE = { memoryBytes: 1 << 20, exchangeBytes: 0, varBytes: 0 };

class Page extends HostEventTarget {
  readonly durations = emptyDurations();
  stats = { calls: 0, failures: 0, kills: 0, startMs: 12, lastCall: undefined, use: USE, durations: this.durations };

  installed = true;

  get plugins() {
    if (!this.installed) return [];
    return [{ id: 'demo', installation: 'demo.1', stats: this.stats, settings: { temporary: false } }];
  }

  /** Calls of these lengths, in ms, of which listeners hear once. */
  called(...lengths: number[]): void {
    for (const ms of lengths) this.durations[bucketOf(ms)] = (this.durations[bucketOf(ms)] ?? 0) + 1;
    this.stats = { ...this.stats, calls: this.stats.calls + lengths.length };
    this.dispatchEvent(new PluginChangeEvent('demo', 'called'));
  }

  asked(outcome: 'ok' | 'PERMISSION_DENIED'): void {
    const times = { time: 0, durationMs: 1, requestBytes: 1, answerBytes: 1 };
    const record = { plugin: 'demo', capability: 'kv', name: 'kv_get', outcome, needs: undefined, ...times };
    this.dispatchEvent(new HostCallEvent(record));
  }

  killed(): void {
    const record = {
      plugin: 'demo',
      time: 0,
      code: 'TIMEOUT',
      exportName: 'run',
      message: '',
      afterMs: 5_000,
    } as const;
    this.dispatchEvent(new KillEvent(record));
  }
}

describe('what plugins have done', () => {
  it('is added up over pages, with every call of a frame', async () => {
    const page = new Page();
    const log = new UsageLog(page, 'usage-sum');
    page.called(1, 1, 1, 1);
    page.called(100);
    page.asked('ok');
    page.asked('PERMISSION_DENIED');
    page.killed();
    await log[asyncDispose]();

    const next = new Page();
    const later = new UsageLog(next, 'usage-sum');
    next.called(1);
    const usage = await later.of({ installation: 'demo.1' });
    assert.equal(usage.calls, 6);
    assert.deepEqual([usage.allowed, usage.denied], [1, 1]);
    assert.deepEqual([...usage.kills], [['TIMEOUT', 1]]);
    assert.ok(Math.abs((usage.p50 ?? 0) - 1) < 0.25, `p50 ${usage.p50}`);
    assert.ok(Math.abs((usage.p95 ?? 0) - 5_000) < 1_000, `p95 ${usage.p95}`);
    assert.equal(usage.peakMemoryBytes, 1 << 20);
    assert.equal(usage.startMs, 12);
    await later[asyncDispose]();
  });

  it('is forgotten with its plugin', async () => {
    const page = new Page();
    const log = new UsageLog(page, 'usage-gone');
    page.called(1);
    await log.flush();
    page.installed = false;
    page.dispatchEvent(new PluginChangeEvent('demo', 'uninstalled'));
    await log.flush();
    assert.equal((await log.of({ installation: 'demo.1' })).calls, 0);
    await log[asyncDispose]();
  });

  it('stays where a page removes one plugin and does not know of all others', async () => {
    const page = new Page();
    const log = new UsageLog(page, 'usage-others');
    page.called(1);
    await log.flush();
    const other = new Page();
    other.installed = false;
    const elsewhere = new UsageLog(other, 'usage-others');
    other.dispatchEvent(new PluginChangeEvent('gone', 'uninstalled'));
    await elsewhere[asyncDispose]();
    assert.equal((await log.of({ installation: 'demo.1' })).calls, 1);
    await log[asyncDispose]();
  });
});
