// The whole way of a mail: a person presses a button in standup's own page, and a real SMTP server has it, by the
// reference relay.

/// <reference lib="dom" />
import assert from 'node:assert/strict';
import { after, before, beforeEach, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { FIRST, inEachBrowser, launch } from '../in-each-browser.ts';
import { clickIn, typeIn } from '../point.ts';
import { EVERYTHING, type RelayUnderTest, startRelay, TOKEN, testConfig } from '../relay/relay-under-test.ts';
import { type SmtpSink, startSmtpSink } from '../relay/smtp-sink.ts';
import { AdminPage, type AdminServer, saysIn, startServer } from './admin-page.ts';

let server: AdminServer;
before(async () => {
  server = await startServer();
});
after(() => server.stop());

// How a browser asks a relay is tested in each: test/host/relay.test.ts.
inEachBrowser(
  "standup's mail",
  (name) => {
    let sink: SmtpSink;
    let relay: RelayUnderTest;
    let browser: Browser;

    before(async () => {
      browser = await launch(name);
      sink = await startSmtpSink();
      const [caller] = (await testConfig()).callers;
      relay = await startRelay({
        callers: [{ ...caller, origins: [server.origin], plugins: { standup: { mail: EVERYTHING.mail } } }],
        smtp: { url: sink.url },
      });
    });
    after(async () => {
      await browser.close();
      await relay.end();
      await sink.close();
    });
    beforeEach(() => {
      sink.received.length = 0;
    });

    it('says that there is no server, and is sent once there is one', async () => {
      const admin = await AdminPage.open(browser, server);
      await admin.install();
      await compose(admin);
      await press(admin, 'Send');
      await saysIn(await admin.frame(), '#unsent', 'smtp sender not configured');
      assert.equal(sink.received.length, 0);

      const before = await admin.frame();
      await admin.useRelay(relay.server.url, TOKEN);
      await admin.frameAfter(before);
      await press(admin, 'Send');
      await admin.toasts('The summary is on its way to 2 people.');
      assert.equal(sink.received.length, 1);
      const [mail] = sink.received;
      assert.equal(mail?.from, 'standup@example.com');
      assert.deepEqual(mail?.to, ['team@example.com', 'lead@example.com']);
      assert.match(mail?.source ?? '', /^Subject: Stand-up of Orchid, \d{4}-\d\d-\d\d\r$/m);
      assert.match(mail?.source ?? '', /Ada\r\n {2}Today: The parser\r\n/);
      await admin.close();
    });

    it('says what the relay refuses', async () => {
      const admin = await AdminPage.open(browser, server);
      await admin.useRelay(relay.server.url, 'a-token-of-nobody');
      await admin.install();
      await compose(admin);
      await press(admin, 'Send');
      await saysIn(await admin.frame(), '#unsent', 'No mail was sent: relay rejected the credentials of this site');
      assert.equal(sink.received.length, 0);
      await admin.close();
    });
  },
  [FIRST],
);

/** Fills in the settings and an entry. */
async function compose(admin: AdminPage): Promise<void> {
  const frame = await admin.frame();
  await clickIn(frame, 'summary');
  await typeIn(frame, '#team-name', 'Orchid');
  await typeIn(frame, '#addresses', 'team@example.com\nlead@example.com\n');
  await clickIn(frame, '#settings button');
  await saysIn(frame, '#recipients', 'To 2 people');
  await typeIn(frame, '#author', 'Ada');
  await typeIn(frame, '#today', 'The parser');
  await clickIn(frame, '#entry button[type=submit]');
  await saysIn(frame, '#entries', 'The parser');
}

/** Mails the summary, and answers the question whether to. */
async function press(admin: AdminPage, answer: string): Promise<void> {
  await clickIn(await admin.frame(), '#send:not(:disabled)');
  await admin.clickButton(answer);
}
