import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { BrowserProcess } from './browser-process.mjs';
import { launchOptions } from './launch-options.mjs';
import { Marionette } from './marionette.mjs';

/** On top of what Marionette sets itself: no request but a test's, and the cookies and prompts that tests are written for. */
const PREFERENCES = {
  'marionette.port': 0,
  'app.normandy.enabled': false,
  'browser.contentblocking.features.standard': '-tp,tpPrivate,cookieBehavior0,-cryptoTP,-fp',
  'browser.newtabpage.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage': 'about:blank',
  'browser.startup.homepage_override.mstone': 'ignore',
  'browser.startup.page': 0,
  'datareporting.healthreport.uploadEnabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'datareporting.policy.dataSubmissionPolicyBypassNotification': true,
  'extensions.getAddons.cache.enabled': false,
  'extensions.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'network.cookie.sameSite.laxByDefault': false,
  'network.http.speculative-parallel-limit': 0,
  'services.settings.server': 'data:,#remote-settings-dummy/v1',
  'telemetry.fog.test.localhost_port': -1,
  'toolkit.telemetry.server': 'data:,',
};

/**
 * Firefox, driven by Marionette and no more than told where to go: what subscribes to its network and script events makes
 * its own process busier than the pages are.
 * @returns {Promise<import('./page-launcher.mjs').DrivenBrowser>}
 */
export async function startFirefox() {
  const { executablePath = '' } = launchOptions('firefox');
  const browser = new BrowserProcess(executablePath, (profile) => {
    const lines = Object.entries(PREFERENCES).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`);
    writeFileSync(join(profile, 'user.js'), lines.join('\n'));
    return ['--headless', '--no-remote', '--marionette', '--profile', profile, '--width', '800', '--height', '685'];
  });
  const [, port] = await browser.said(/Marionette\s+INFO\s+Listening on port (\d+)/);
  const marionette = new Marionette(Number(port));
  await marionette.send('NewSession', { pageLoadStrategy: 'none', unhandledPromptBehavior: 'ignore' });
  const show = (/** @type {string} */ url) => marionette.send('Navigate', { url });
  return {
    open: async (url) => {
      await show(url);
      return url;
    },
    // Leaving the page ends what it has left running. A page that is opened before Firefox has left the last one is now and
    // then overtaken by that, and never comes.
    close: async () => {
      await show('about:blank');
      while ((await marionette.send('GetCurrentURL')).value !== 'about:blank') await pause(10);
    },
    kill: () => {
      marionette.close();
      browser.kill();
      return browser.gone;
    },
    get lastLines() {
      return browser.lastLines;
    },
    get ended() {
      return browser.ended;
    },
  };
}
