// What a page cannot see of its cell: the priority that the operating system gives to its process.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { after, before, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Browser } from 'puppeteer-core';
import { startSources } from '../frames/frame-stage.ts';
import { inEachBrowser, launch } from '../in-each-browser.ts';
import { DrivenHost } from './driven-host.ts';

/** Chromium changes a priority some time after what was seen of a process has changed, in ms. */
const CHANGE_MS = 1_500;

inEachBrowser('the process of a cell', (name) => {
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
  const skip = name === 'firefox' || process.platform !== 'linux';

  it('is not that of a tab in the background, while its page is seen', { skip }, async () => {
    const before = processesWithWorkers();
    const driven = await DrivenHost.open(browser, sources.origin, 1_000);
    assert.equal(await driven.call('echo'), 'x');
    await pause(CHANGE_MS);
    const own = processesWithWorkers().filter((pid) => !before.includes(pid));
    assert.notDeepEqual(own, [], 'a process that has the workers of a host');
    assert.deepEqual(
      own.map((pid) => getPriority(pid)),
      own.map(() => getPriority()),
    );
    await driven.page.close();
  });
});

function processesWithWorkers(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && threadsOf(name).includes('DedicatedWorker'))
    .map(Number);
}

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
