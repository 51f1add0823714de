// What only a driver outside of the page can do: freeze its tab, read the browser's console, and look at its processes.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { after, before, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Browser } from 'puppeteer-core';
import { processesOf } from '../../runner/cpu-time.mjs';
import { startSources } from '../frames/frame-stage.ts';
import { inEachBrowser, launch } from '../in-each-browser.ts';
import { DrivenHost } from './driven-host.ts';

/** Chromium changes a priority some time after what was seen of a process has changed, in ms. */
const CHANGE_MS = 1_500;

inEachBrowser('a host', (name) => {
  let sources: Awaited<ReturnType<typeof startSources>>;
  let browser: Browser;

  before(async () => {
    sources = await startSources();
    browser = await launch(name);
  });
  after(async () => {
    await browser?.close();
    await sources?.stop();
  });

  // Elsewhere Chromium has no such process, or nobody could see its threads.
  const hasNoCell = name === 'firefox' || process.platform !== 'linux';

  it('has a cell whose process is not that of a tab in the background, while its page is seen', {
    skip: hasNoCell,
  }, async () => {
    const driven = await DrivenHost.open(browser, sources.origin, 1_000);
    assert.equal(await driven.call('echo'), 'x');
    await pause(CHANGE_MS);
    const own = processesOf(browser.process()?.pid ?? 0).filter((pid) => threadsOf(pid).includes('DedicatedWorker'));
    assert.notDeepEqual(own, [], 'a process that has the workers of a host');
    assert.deepEqual(
      own.map((pid) => getPriority(Number(pid))),
      own.map(() => getPriority()),
    );
    await driven.page.close();
  });

  it('C10: kills no call whose tab was frozen for longer than its limit', { skip: name === 'firefox' }, async () => {
    const driven = await DrivenHost.open(browser, sources.origin, 1_000);
    const { page } = driven;
    const devtools = await page.createCDPSession();
    const outcome = driven.call('work');
    await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
    await pause(4_000);
    await devtools.send('Page.setWebLifecycleState', { state: 'active' });
    assert.equal(await outcome, 'done');
    assert.equal(await driven.kills(), 0);
    await page.close();
  });

  it('says nothing in the console when it kills a plugin', async () => {
    const driven = await DrivenHost.open(browser, sources.origin, 300);
    assert.equal(await driven.call('spin'), 'TIMEOUT');
    // Firefox writes what it has to say when the worker's thread has ended.
    assert.equal(await driven.call('echo'), 'x');
    await pause(500);
    assert.deepEqual(driven.errors, []);
    await driven.page.close();
  });
});

/** None of one that has ended meanwhile. */
function threadsOf(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/comm`, 'utf8').slice(0, 15),
    );
  } catch {
    return [];
  }
}
