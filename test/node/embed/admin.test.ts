// demo/embed/admin.html with plugins/standup, used as a person does, in Chromium and Firefox.

/// <reference lib="dom" />
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { Browser, ElementHandle, Frame } from 'puppeteer-core';
import { FIRST, inEachBrowser, launch } from '../in-each-browser.ts';
import { clickIn, LOOK_MS, typeIn } from '../point.ts';
import { AdminPage, type AdminServer, ROOT, saysIn, startServer } from './admin-page.ts';
import { BEYOND, INSTALL_LONG, PLACES } from './beyond.ts';

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

  const open = async (): Promise<void> => {
    admin = await AdminPage.open(browser, server);
  };
  const close = async (): Promise<void> => {
    await admin.close();
    assert.deepEqual(admin.errors, []);
  };

  // Most of what a test costs is to load the page and to install, so those share it that get on with what is there.
  describe('with a plugin', () => {
    let frame: Frame;
    before(async () => {
      await open();
      frame = await admin.install();
    });
    after(close);

    it('hands a change of its colours on at once', async () => {
      const background = () => frame.evaluate(() => getComputedStyle(document.body).backgroundColor);
      await choose(admin, frame, 'light');
      const light = await background();
      await choose(admin, frame, 'dark');
      assert.notEqual(await background(), light);
    });

    it('lets the app pick a person for the page of a plugin', async () => {
      await admin.page.$eval('cloche-admin', (element) => {
        element.pickUser = async () => ({ id: 2, full_name: 'Grace Hopper', email: 'grace@example.com' });
      });
      await clickIn(frame, '#pick');
      await holds(frame, () => (document.querySelector('#author') as HTMLInputElement).value === 'Grace Hopper');
    });

    it('takes an entry in its own frame, removes it once that was confirmed in the app, and tells of both', async () => {
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
      await admin.openTab('Activity');
      await admin.sees('kv_set');
      await admin.openTab('Stand-up');
    });

    it('passes the axe checks, the page and the plugin in it, light and dark', async () => {
      await say(frame, 'Ada', 'The parser');
      for (const scheme of ['light', 'dark']) {
        await choose(admin, frame, scheme);
        assert.deepEqual(await admin.violations(frame), []);
      }
    });

    it('fits a phone, without scrolling sideways', async () => {
      await admin.page.setViewport({ width: 390, height: 844 });
      await say(frame, 'Ada', 'A word that nobody can break '.repeat(3) + 'x'.repeat(200));
      for (const document of [admin.page.mainFrame(), frame]) {
        assert.ok(await document.evaluate(() => window.document.documentElement.scrollWidth <= innerWidth));
      }
    });
  });

  describe('from its beginning', () => {
    beforeEach(open);
    afterEach(close);

    it('is used by keyboard alone, through the consent and into the frame of the plugin', async () => {
      await tabTo(admin, 'input[name=url]');
      await admin.page.keyboard.type('../../plugins/standup/dist/standup.zip');
      await admin.press('Enter');
      await admin.isAsked();
      await tabTo(admin, 'input[value=dialogs]');
      await admin.press(' ');
      await tabTo(admin, 'button.yes');
      await admin.press('Enter');
      await admin.shows(':scope >>> [role=tab]::-p-text(Stand-up)');
      await tabTo(admin, '[role=tab]', { back: true });
      await admin.press('End');
      const frame = await admin.frame();
      await tabTo(admin, '#author', { frame });
      await admin.page.keyboard.type('Ada');
      await tabTo(admin, '#today', { frame });
      await admin.page.keyboard.type('The parser');
      await tabTo(admin, '#entry button[type=submit]', { frame });
      await admin.press('Enter');
      await saysIn(frame, '#entries', 'The parser');
      await tabTo(admin, '[role=tab]', { back: true });
      await admin.press('Home');
      await admin.sees('Installed plugins');
    });

    it('has a place in the address for the page of a plugin, and loses nothing of it on the way back and forward', async () => {
      const frame = await admin.install();
      assert.equal(new URL(admin.page.url()).hash, '#plugin/standup/standup');
      await typeIn(frame, '#today', 'Half a sent');
      await admin.openTab('Plugins');
      await admin.click(':scope >>> h3 a::-p-text(Stand-up)');
      await admin.sees('What it may do');
      await admin.page.goBack();
      await admin.page.goBack();
      await admin.until(() => location.hash === '#plugin/standup/standup');
      assert.equal(await frame.$eval('#today', (field) => (field as HTMLTextAreaElement).value), 'Half a sent');
      await admin.page.goForward();
      await admin.sees('Installed plugins');
      await admin.visit('#plugin/standup/standup');
      await admin.frame();
    });

    it('installs from a file, and says why something is not a plugin', async () => {
      const input = (await admin.page.$(':scope >>> input[type=file]')) as ElementHandle<HTMLInputElement>;
      await input.uploadFile(`${ROOT}/README.md`);
      await admin.sees('This plugin cannot be installed');
      await admin.clickButton('Close');
      await input.uploadFile(`${ROOT}/plugins/standup/dist/standup.zip`);
      await admin.answer('Install');
      await admin.sees('Switch off');
    });

    it('lists plugins in safe mode, and lets none of them run', async () => {
      await admin.install();
      await admin.visit('?plugins=off');
      await admin.sees('Safe mode: nothing of any plugin runs.');
      await admin.sees('Stand-up');
      assert.equal(admin.page.frames().length, 1);
      await admin.clickButton('Remove');
      await admin.clickButton('Remove it');
      await admin.sees('No plugin is installed yet.');
    });
  });

  // Browsers have a say in what is above: input, focus, frames, files, history and styles. Not in what an admin decides.
  if (name !== FIRST) return;

  describe('before there is a plugin', () => {
    before(open);
    after(close);

    it('is a no where the dialog is closed', async () => {
      await admin.fetch();
      await admin.sees('Install standup?');
      await admin.press('Escape');
      await admin.sees('No plugin is installed yet.');
    });

    it('says what a plugin asks for before anything of it is loaded, and gives it what was ticked, no more', async () => {
      await admin.fetch();
      await admin.sees('Install standup?');
      assert.match(await admin.shown(), /Send e-mail.*medium risk.*Keep data of its own/);
      assert.equal(await admin.page.$(':scope >>> cloche-extension'), null);
      await untick(admin);
      await admin.answer('Install without');
      await admin.click(':scope >>> h3 a::-p-text(Stand-up)');
      await admin.sees('Not allowed');
      await admin.clickButton('Allow');
      await admin.sees('Take it back');
    });
  });

  describe('while plugins come and go', () => {
    let frame: Frame;
    before(async () => {
      await open();
      frame = await admin.install();
    });
    after(close);

    it('switches a plugin off and on, and takes its page away meanwhile', async () => {
      await admin.visit('#plugin/standup');
      await admin.clickButton('Switch off');
      await admin.sees('Switch on');
      assert.equal(await admin.page.$(':scope >>> [role=tab]::-p-text(Stand-up)'), null);
      await admin.clickButton('Switch on');
      await admin.openTab('Stand-up');
      frame = await admin.frame();
    });

    it('suggests what changed in the app, and takes it into the field that was written in last', async () => {
      const deliveries = await admin.page.$eval('cloche-admin', (element) => {
        const item = {
          id: 12,
          workspace_key: 'ORC',
          workspace_item_number: 12,
          title: 'Mend the fence',
          status_name: 'Done',
        };
        const host = element.host as unknown as import('../../../src/index.ts').Host;
        return host.emit('item.updated', { item });
      });
      assert.deepEqual(
        deliveries.map(({ plugin, ok }) => [plugin, ok]),
        [['standup', true]],
      );
      await admin.visit('#plugin/standup/standup');
      frame = await admin.frame();
      await typeIn(frame, '#yesterday', 'Rested');
      await clickIn(frame, '#suggestions button');
      const written = await frame.$eval('#yesterday', (field) => (field as HTMLTextAreaElement).value);
      assert.equal(written, 'Rested\nORC-12 Mend the fence (Done)');
    });

    it('updates a plugin, which keeps what it stored and what it was allowed', async () => {
      await say(frame, 'Ada', 'The parser');
      await admin.visit();
      await admin.fetch();
      await admin.sees('Update standup?');
      await admin.sees('It asks for nothing more than it may do already.');
      assert.deepEqual(await admin.violations(), []);
      await admin.answer('Update');
      await admin.isDecided();
      await admin.openTab('Stand-up');
      frame = await admin.frame();
      await saysIn(frame, '#entries', 'The parser');
    });

    it('gives what a plugin has left to the next of its id, or does not, as it is told', async () => {
      for (const [removal, answer, left] of [
        ['wipe', undefined, 0],
        ['keep', 'Give it that data', 1],
        ['keep', 'Start with nothing', 0],
      ] as const) {
        await say(frame, 'Ada', 'The parser');
        await admin.visit();
        await admin.clickButton('Remove');
        await admin.click(`:scope >>> dialog[open] input[value=${removal}]`);
        await admin.clickButton('Remove it');
        await admin.sees('No plugin is installed yet.');
        await admin.fetch();
        if (answer) await admin.choose(`label::-p-text(${answer})`);
        await admin.answer('Install');
        await admin.openTab('Stand-up');
        frame = await admin.frame();
        assert.equal(await frame.$$eval('#entries li', ({ length }) => length), left, answer ?? removal);
      }
    });

    it('is never wider than the window, from left to right and from right to left, on a phone and at 200 % too', async () => {
      await admin.page.evaluate(INSTALL_LONG);
      const beyond = async (place: string): Promise<void> => {
        for (const width of [1280, 640, 360]) {
          await admin.page.setViewport({ width, height: 1600 });
          for (const dir of ['ltr', 'rtl']) {
            const found = await admin.page.evaluate(`document.documentElement.dir = '${dir}'; ${BEYOND}`);
            assert.deepEqual(found, [], `${place}, ${width} px, ${dir}`);
          }
        }
      };
      for (const [place, words] of PLACES) {
        await admin.page.evaluate((hash) => {
          location.hash = hash;
        }, place);
        await admin.sees(words);
        await beyond(place);
      }
      await admin.page.evaluate(`location.hash = '#plugin/long'`);
      await admin.clickButton('Remove');
      await admin.sees('Remove it');
      await beyond('removal');
      await admin.clickButton('Cancel');
      await admin.page.evaluate(`location.hash = '#plugins'`);
      await admin.fetch();
      await admin.isAsked();
      await beyond('consent');
    });
  });

  describe('after an earlier version', () => {
    before(open);
    after(close);

    it('P10: lists what an earlier version let in and a later one has stored beside the others, and removes them', async () => {
      await admin.install();
      await admin.page.evaluate(DAMAGE);
      for (const query of ['', '?plugins=off']) {
        await admin.visit(query);
        await admin.sees('unreadable');
        const text = await admin.shown();
        for (const listed of ['Stand-up', 'Odd', 'newer']) assert.ok(text.includes(listed), listed);
      }
      for (const id of ['newer', 'Odd']) {
        await admin.click(`:scope >>> [aria-label*="${id}"]::-p-text(Remove)`);
        await admin.clickButton('Remove it');
        await admin.isDecided();
      }
      await admin.visit();
      assert.doesNotMatch(await admin.shown(), /Odd|newer/);
    });
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

async function untick(admin: AdminPage): Promise<void> {
  await admin.isAsked();
  for (const box of await admin.page.$$(':scope >>> dialog[open] input[type=checkbox]:checked')) await box.click();
}

/** Presses Tab until the element has the focus, as somebody does who looks for it. */
async function tabTo(
  admin: AdminPage,
  selector: string,
  { back = false, frame }: { readonly back?: boolean; readonly frame?: Frame } = {},
): Promise<void> {
  const target = frame ?? admin.page.mainFrame();
  const hasFocus = (one: string): boolean => {
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    return document.hasFocus() && (active?.matches(one) ?? false);
  };
  for (let presses = 0; presses < 60; presses++) {
    if (await target.evaluate(hasFocus, selector)) return;
    if (back) await admin.page.keyboard.down('Shift');
    await admin.page.keyboard.press('Tab');
    if (back) await admin.page.keyboard.up('Shift');
  }
  throw new Error(`Expected to come to ${selector} by the Tab key`);
}

async function say(frame: Frame, author: string, today: string): Promise<void> {
  await typeIn(frame, '#author', author);
  await typeIn(frame, '#today', today);
  await clickIn(frame, '#entry button[type=submit]');
  await saysIn(frame, '#entries', today);
}

/** Chooses light or dark for the app, and waits until the plugin's page has heard of it. */
async function choose(admin: AdminPage, frame: Frame, scheme: string): Promise<void> {
  await admin.page.evaluate((chosen) => {
    document.documentElement.style.colorScheme = chosen;
  }, scheme);
  await holds(frame, (wanted) => document.documentElement.style.colorScheme === wanted, scheme);
}

async function holds<A extends unknown[]>(frame: Frame, test: (...given: A) => boolean, ...given: A): Promise<void> {
  await frame.waitForFunction(
    test as (...given: unknown[]) => boolean,
    { polling: LOOK_MS, timeout: 10_000 },
    ...given,
  );
}
