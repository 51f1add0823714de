// What only a driver outside of the page can do: freeze its tab, and read the browser's console.

import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Browser } from 'puppeteer-core';
import { startSources } from '../frames/frame-stage.ts';
import { inEachBrowser, launch } from '../in-each-browser.ts';
import { DrivenHost } from './driven-host.ts';

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
