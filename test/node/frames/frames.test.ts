// What only a driver outside of the page can do: answer dialogs of the browser, and click in a frame as a person does.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, before, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Browser } from 'puppeteer-core';
import { inEachBrowser, launch } from '../in-each-browser.ts';
import { clickIn } from '../point.ts';
import { FrameStage, startSources } from './frame-stage.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

const page = (script: string, body = ''): string =>
  `<!doctype html><html><body>${body}<script>
    const say = (type, value) => window.parent.postMessage({ type, value }, '*');
    ${script}</script></body></html>`;

inEachBrowser("a plugin's frame", (name) => {
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

  const answered: [string, string, string | boolean, unknown][] = [
    ['confirm', `window.confirm('Really?')`, true, true],
    ['confirm', `confirm('Really?')`, false, false],
    ['prompt', `prompt('Name?')`, 'Ada', 'Ada'],
    ['alert', `(alert('Done'), 'seen')`, true, 'seen'],
  ];
  for (const [type, script, answer, expected] of answered) {
    it(`opens ${type}() where dialogs are granted, and hears ${answer}`, async () => {
      const stage = await FrameStage.open(
        browser,
        sources.origin,
        page(`setTimeout(() => say('answer', ${script}))`),
        true,
      );
      const dialog = await stage.until('a dialog', () => stage.dialogs[0]);
      assert.equal(dialog.type(), type);
      if (answer === false) await dialog.dismiss();
      else await dialog.accept(answer === true ? undefined : answer);
      const [message] = await stage.until('an answer', async () => {
        const { messages } = await stage.heard();
        return messages.length > 0 ? messages : undefined;
      });
      assert.deepEqual(message, { type: 'answer', value: expected });
      await stage.page.close();
    });
  }

  it('opens no dialog where none are granted', async () => {
    const stage = await FrameStage.open(
      browser,
      sources.origin,
      page(`setTimeout(() => say('answer', confirm('Really?')))`),
      false,
    );
    const { messages } = await stage.until('an answer', async () => {
      const heard = await stage.heard();
      return heard.messages.length > 0 ? heard : undefined;
    });
    assert.deepEqual(messages, [{ type: 'answer', value: false }]);
    assert.equal(stage.dialogs.length, 0);
    await stage.page.close();
  });

  it('stays while a dialog waits for longer than a page may be silent', async () => {
    const stage = await FrameStage.open(
      browser,
      sources.origin,
      page(`setTimeout(() => say('answer', confirm('Really?')))`),
      true,
    );
    const dialog = await stage.until('a dialog', () => stage.dialogs[0]);
    await pause(8_000);
    await dialog.accept();
    await pause(1_500);
    const { messages, failures } = await stage.heard();
    assert.deepEqual({ messages, failures }, { messages: [{ type: 'answer', value: true }], failures: [] });
    await stage.page.close();
  });

  it('hands a link to the host when a person follows it', async () => {
    const stage = await FrameStage.open(
      browser,
      sources.origin,
      page(`say('ready')`, '<a id="link" href="https://example.com/story?id=1" target="_blank">Story</a>'),
      false,
    );
    const inner = await stage.inner();
    await clickIn(inner, '#link');
    const links = await stage.until('a link', async () => {
      const heard = await stage.heard();
      return heard.links.length > 0 ? heard.links : undefined;
    });
    assert.deepEqual(links, ['https://example.com/story?id=1']);
    assert.deepEqual((await stage.heard()).failures, []);
    await stage.page.close();
  });
});

it('U5: no frame anywhere in the sources has scripts together with the origin of the page', () => {
  const files = ['src', 'workers', 'demo', 'plugins'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(?:[cm]?[jt]s|html)$/.test(file))
      .map((file) => join(ROOT, folder, file)),
  );
  assert.ok(files.length > 100);
  // In a comment it is a name in backticks, in a sandbox it stands by itself.
  const found = files.filter((file) => /(?<!`)allow-same-origin/.test(readFileSync(file, 'utf8')));
  assert.deepEqual(found, []);
});
