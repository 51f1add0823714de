// Plugins where the user lets no site store anything, and where the page is not a secure context: only a browser of
// its own can be set so.

/// <reference lib="dom" />
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import puppeteer from 'puppeteer-core';
import { launchOptions } from '../../runner/launch-options.mjs';
import { type BrowserName, inEachBrowser } from '../in-each-browser.ts';
import { type AdminServer, startServer } from './admin-page.ts';

type Report = Record<string, unknown>;

/** A name other than `localhost`, so that http from it is not a secure context. */
const INSECURE = 'insecure.test';

let server: AdminServer;
before(async () => {
  server = await startServer();
});
after(() => server.stop());

/** What test/pages/stores-nothing.html tells in a browser with these settings. */
async function report(name: BrowserName, settings: Settings, origin = server.origin): Promise<Report> {
  const profile = mkdtempSync(join(tmpdir(), 'cloche-'));
  const { args = [], ...options } = launchOptions(name);
  if (name === 'chromium') {
    mkdirSync(join(profile, 'Default'));
    writeFileSync(join(profile, 'Default/Preferences'), JSON.stringify(settings.chromium.preferences ?? {}));
    args.push(`--user-data-dir=${profile}`, ...(settings.chromium.args ?? []));
  }
  const browser = await puppeteer.launch({ ...options, args, extraPrefsFirefox: settings.firefox });
  try {
    const page = await browser.newPage();
    await page.goto(`${origin}/static/test/pages/stores-nothing.html`);
    await page.waitForFunction('window.report !== undefined', { polling: 50 });
    return (await page.evaluate('window.report')) as Report;
  } finally {
    await browser.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

interface Settings {
  readonly chromium: { readonly preferences?: object; readonly args?: readonly string[] };
  readonly firefox: Record<string, unknown>;
}

const BLOCKED: Settings = {
  chromium: { preferences: { profile: { default_content_setting_values: { cookies: 2 } } } },
  firefox: { 'network.cookie.cookieBehavior': 2 },
};
const RENAMED: Settings = {
  chromium: { args: [`--host-resolver-rules=MAP ${INSECURE} 127.0.0.1`] },
  firefox: { 'network.dns.localDomains': INSECURE },
};

inEachBrowser('a browser without storage', (name) => {
  it('has plugins and their data in memory where site data is blocked, and says why', async () => {
    const { storageReason, hostCalls, ...told } = await report(name, BLOCKED);
    assert.equal(
      storageReason,
      'Nothing that is installed or stored outlives this page: the browser is set to store no data of this site.',
    );
    assert.equal(hostCalls, 'jspi');
    assert.deepEqual(told, {
      storage: 'memory',
      durable: false,
      disabled: false,
      listed: [{ id: '1', text: 'Water the seedlings' }],
      posted: 201,
      found: ['notes', 'standup'],
      gone: 'notes',
      kept: 1,
    });
  });

  it('keeps all of it where nothing is blocked', async () => {
    const told = await report(name, { chromium: {}, firefox: {} });
    assert.deepEqual([told.storage, told.durable, told.posted, told.gone], ['durable', true, 201, 'notes']);
  });

  it('makes a host in a page that is not a secure context, and says what to do when a plugin comes', async () => {
    const told = await report(name, RENAMED, server.origin.replace('127.0.0.1', INSECURE));
    assert.match(String(told.failed), /^START_FAILED: .*not a secure context. Serve it by https/);
  });
});
