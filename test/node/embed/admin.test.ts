// demo/embed/admin.html with plugins/standup, used as a person does, in Chromium and Firefox.

/// <reference lib="dom" />
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, it } from 'node:test';
import type { Browser, ElementHandle, Frame } from 'puppeteer-core';
import { inEachBrowser, launch } from '../in-each-browser.ts';
import { clickIn, typeIn } from '../point.ts';
import { AdminPage, type AdminServer, ROOT, saysIn, startServer } from './admin-page.ts';

let server: AdminServer;
before(async () => {
  server = await startServer();
});
after(() => server.stop());

inEachBrowser('the admin page', (name) => {
  let browser: Browser;
  let admin: AdminPage;

  before(async () => {
    browser = await launch(name);
  });
  after(() => browser.close());
  beforeEach(async () => {
    admin = await AdminPage.open(browser, server);
  });
  afterEach(async () => {
    await admin.close();
    assert.deepEqual(admin.errors, []);
  });

  it('installs a plugin that may do nothing until that is allowed', async () => {
    await admin.click('#install button');
    await admin.says('#plugins summary', 'It asks for something');
    const asked = await admin.textOf('#plugins details');
    assert.match(asked, /Not allowed\s*Send e-mail.*Not allowed\s*Keep data of its own/);
    await admin.click('[data-key="standup allow"]');
    await admin.says('#plugins summary', 'What it may do');
    assert.match(await admin.textOf('#plugins .needs'), /Only a server can send e-mail/);
    await saysIn(await admin.frame(), '#nothing', 'Nobody has said anything yet');
  });

  it('passes the axe checks, the page and the plugin in it, light and dark', async () => {
    await say(await admin.install(), 'Ada', 'The parser');
    for (const scheme of ['light', 'dark']) {
      await choose(admin, scheme);
      assert.deepEqual(await admin.violations(), []);
    }
  });

  it('takes an entry in its own frame, and removes it once that was confirmed in the app', async () => {
    const frame = await admin.install();
    await say(frame, 'Ada <b>', 'The parser');
    await admin.toasts('Your entry is in.');
    await saysIn(frame, '#entries h3', 'Ada <b>');
    await clickIn(frame, '#entries [aria-label^="Remove"]');
    await admin.clickButton('Cancel');
    assert.equal(await frame.$$eval('#entries li', ({ length }) => length), 1);
    await clickIn(frame, '#entries [aria-label^="Remove"]');
    await admin.clickButton('Remove');
    await saysIn(frame, '#nothing:not([hidden])', 'Nobody');
    await admin.toasts('The entry of Ada <b> is gone.');
  });

  it('lets a person be picked from the people of the app', async () => {
    const frame = await admin.install();
    await clickIn(frame, '#pick');
    await admin.clickButton('Grace Hopper');
    await holds(frame, () => (document.querySelector('#author') as HTMLInputElement).value === 'Grace Hopper');
  });

  it('suggests what changed in the app, and takes it into the field that was written in last', async () => {
    await admin.install();
    await admin.click('[aria-label="Mark as done: Mend the east fence"]');
    await admin.says('#delivered', 'standup: heard it');
    await admin.visit();
    const frame = await admin.frame();
    await typeIn(frame, '#yesterday', 'Rested');
    await clickIn(frame, '#suggestions button');
    const written = await frame.$eval('#yesterday', (field) => (field as HTMLTextAreaElement).value);
    assert.equal(written, 'Rested\nORC-12 Mend the east fence (Done)');
  });

  it('is used by keyboard alone, into the frame of the plugin and out of it again', async () => {
    await admin.page.focus('#url');
    await admin.press('Enter');
    await admin.page.waitForSelector('[data-key="standup allow"]');
    await tabTo(admin, '[data-key="standup allow"]', 'back');
    await admin.press('Enter');
    await admin.says('#plugins summary', 'What it may do');
    const frame = await admin.frame();
    await tabTo(admin, '#author', 'on', frame);
    await admin.page.keyboard.type('Ada');
    await tabTo(admin, '#today', 'on', frame);
    await admin.page.keyboard.type('The parser');
    await tabTo(admin, '#entry button[type=submit]', 'on', frame);
    await admin.press('Enter');
    await saysIn(frame, '#entries', 'The parser');
    await tabTo(admin, '#entries [aria-label^="Remove"]', 'back', frame);
    await admin.press('Enter');
    // The dialog takes the focus; its first button is the harmless one.
    await admin.page.waitForSelector(':scope >>> button[autofocus]:not([aria-disabled="true"])', { visible: true });
    await admin.press('Tab', 'Enter');
    await saysIn(frame, '#nothing:not([hidden])', 'Nobody');
    await tabTo(admin, '#items button', 'on');
    await admin.press('Enter');
    await admin.says('#delivered', 'standup: heard it');
  });

  it('switches a plugin off and on, and takes its page away meanwhile', async () => {
    await admin.install();
    await admin.click('[data-key="standup switch"]');
    await admin.until(() => document.querySelector('cloche-extension')?.shadowRoot?.textContent?.includes('No plugin'));
    await admin.click('[data-key="standup switch"]');
    await admin.frame();
  });

  it('gives what a plugin has left to the next of its id, or does not, or wipes it, as it is told', async () => {
    await say(await admin.install(), 'Ada', 'The parser');
    for (const [removal, answer, left] of [
      ['Uninstall, keep its data', 'Give it the data', 1],
      ['Uninstall, keep its data', 'Start empty', 0],
      ['Uninstall with its data', 'Wipe the data', 0],
      ['Uninstall with its data', undefined, 0],
    ] as const) {
      await admin.click('[data-key="standup remove"]');
      await admin.clickButton(removal);
      await admin.page.waitForSelector('#none:not([hidden])');
      const frame = await admin.install(answer);
      assert.equal(await frame.$$eval('#entries li', ({ length }) => length), left, answer);
    }
  });

  it('asks what becomes of a plugin whose id is taken, and installs beside it under another', async () => {
    await admin.install();
    await admin.click('#install button');
    assert.deepEqual(await admin.violations(), []);
    await admin.clickButton('Install beside it');
    await admin.page.waitForSelector('[data-key="standup-2 allow"]');
    await admin.page.waitForSelector('[data-key="standup forbid"]');
  });

  it('updates a plugin, which keeps what it stored and what it was allowed', async () => {
    await say(await admin.install(), 'Ada', 'The parser');
    await admin.click('#install button');
    await admin.clickButton('Update it');
    await admin.says('#installing', 'Stand-up 1.0.0 is installed.');
    assert.equal(await admin.textOf('#plugins summary'), 'What it may do');
    await admin.visit();
    await saysIn(await admin.frame(), '#entries', 'The parser');
  });

  it('installs from a file, and says why something is not a plugin', async () => {
    const input = await admin.page.$('input[type=file]');
    await (input as ElementHandle<HTMLInputElement>).uploadFile(`${ROOT}/plugins/standup/dist/standup.zip`);
    await admin.says('#installing', 'Stand-up 1.0.0 is installed.');
    await (input as ElementHandle<HTMLInputElement>).uploadFile(`${ROOT}/README.md`);
    await admin.says('#refused', 'README.md was not installed.');
  });

  it('lists plugins in safe mode, and lets none of them run', async () => {
    await admin.install();
    await admin.visit('?plugins=off');
    assert.match(await admin.textOf('#safe'), /^Safe mode/);
    await admin.until(() =>
      document.querySelector('cloche-extension')?.shadowRoot?.textContent?.includes('Plugins are switched off here.'),
    );
    assert.equal(await admin.textOf('#plugins h3'), 'Stand-up 1.0.0');
    assert.equal(admin.page.frames().length, 1);
    await admin.click('[data-key="standup remove"]');
    await admin.clickButton('Uninstall with its data');
    await admin.page.waitForSelector('#none:not([hidden])');
  });

  it('P10: lists what an earlier version let in and a later one has stored beside the others, and removes them', async () => {
    await admin.install();
    await admin.page.evaluate(DAMAGE);
    for (const query of ['', '?plugins=off']) {
      await admin.visit(query);
      await admin.until(() => document.querySelectorAll('#plugins li').length >= 3);
      const rows = await admin.page.$$eval('#plugins > li', (items) => items.map(({ textContent }) => textContent));
      assert.match(rows[0] ?? '', /Stand-up/);
      assert.match(rows[1] ?? '', /Odd.*Asks for http in a way that this site cannot read/s);
      assert.match(rows[2] ?? '', /newer.*It cannot be read, so it does not run/s);
    }
    await admin.click('[data-key="newer remove"]');
    await admin.until(() => document.querySelectorAll('#plugins > li').length === 2);
    await admin.click('[data-key="odd remove"]');
    await admin.clickButton('Uninstall with its data');
    await admin.until(() => document.querySelectorAll('#plugins > li').length === 1);
    await admin.visit();
    assert.equal(await admin.textOf('#plugins h3'), 'Stand-up 1.0.0');
  });

  it('fits a phone, without scrolling sideways', async () => {
    await admin.page.setViewport({ width: 390, height: 844 });
    const frame = await admin.install();
    await say(frame, 'Ada', 'A word that nobody can break '.repeat(3) + 'x'.repeat(200));
    for (const document of [admin.page.mainFrame(), frame]) {
      assert.ok(await document.evaluate(() => window.document.documentElement.scrollWidth <= innerWidth));
    }
  });

  it('hands a change of its colours on at once', async () => {
    const frame = await admin.install();
    const background = () => frame.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await choose(admin, 'light');
    const light = await background();
    await choose(admin, 'dark');
    assert.notEqual(await background(), light);
  });
});

/** Evaluated in the page: stores a plugin with a scope that nobody can read, and a record of a version to come. */
const DAMAGE = `(async () => {
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const database = await done(indexedDB.open('orchard-plugins'));
  const objects = database.transaction('plugins', 'readwrite').objectStore('plugins');
  const { installation: _, ...record } = await done(objects.get(['record', 'standup']));
  const permissions = [{ capability: 'http', scope: { allow: 'https://example.com' } }];
  const manifest = { ...record.manifest, id: 'odd', name: 'Odd', dialect: 'cloche', permissions };
  const installedAt = record.installedAt + 1;
  await done(objects.put({ ...record, manifest, grant: 'none', installedAt }, ['record', 'odd']));
  await done(objects.put({ ...record, schema: 99 }, ['record', 'newer']));
  database.close();
})()`;

/** Presses Tab until the element has the focus, as somebody does who looks for it. */
async function tabTo(admin: AdminPage, selector: string, way: 'on' | 'back', frame?: Frame): Promise<void> {
  const target = frame ?? admin.page.mainFrame();
  for (let presses = 0; presses < 60; presses++) {
    if (await target.evaluate((one) => document.hasFocus() && document.activeElement?.matches(one), selector)) return;
    if (way === 'back') await admin.page.keyboard.down('Shift');
    await admin.page.keyboard.press('Tab');
    if (way === 'back') await admin.page.keyboard.up('Shift');
  }
  throw new Error(`Expected to come to ${selector} by the Tab key`);
}

async function say(frame: Frame, author: string, today: string): Promise<void> {
  await typeIn(frame, '#author', author);
  await typeIn(frame, '#today', today);
  await clickIn(frame, '#entry button[type=submit]');
  await saysIn(frame, '#entries', today);
}

/** Chooses light or dark, and waits until the plugin's page has heard of it. */
async function choose(admin: AdminPage, scheme: string): Promise<void> {
  await admin.page.select('#theme', scheme);
  await holds(await admin.frame(), (wanted) => document.documentElement.style.colorScheme === wanted, scheme);
}

async function holds<A extends unknown[]>(frame: Frame, test: (...given: A) => boolean, ...given: A): Promise<void> {
  await frame.waitForFunction(test as (...given: unknown[]) => boolean, { polling: 50, timeout: 10_000 }, ...given);
}
