// What engines have a say in of <cloche-consent>: its dialog, the focus, and presses. What it shows and does is tested once.

import { assert } from 'chai';
import '../../../src/elements/admin/consent/consent.ts';
import type { ClocheConsent } from '../../../src/elements/admin/consent/consent.ts';
import { askWith } from '../../../src/elements/admin/consent/consent-events.ts';
import type { Host } from '../../../src/index.ts';
import { makeHost } from '../../helpers/hosts.ts';
import { find, settled, textOf } from '../../helpers/render.ts';
import {
  armed,
  asked,
  consentOf,
  dialog,
  dismiss,
  FIRST,
  never,
  press,
  question,
  source,
} from './consent-questions.ts';

let host: Host;
before(async () => {
  host = await makeHost();
});
afterEach(() => Promise.all(host.plugins.map((plugin) => plugin.uninstall({ wipe: true }))));

const tick = (element: ClocheConsent, capability: string): void => press(element, `input[value=${capability}]`);

describe('<cloche-consent>', () => {
  it('installs what was shown with what was ticked, and nothing before that', async () => {
    const element = await consentOf(host);
    const installing = element.install(source('1', FIRST));
    await armed(element);
    assert.deepEqual(host.plugins, []);
    assert.equal(document.querySelectorAll('iframe.cloche, cloche-extension').length, 0);
    assert.match(textOf(find(element, '.yes')), /^Install without 1 thing it needs$/);
    tick(element, 'http');
    tick(element, 'mail');
    tick(element, 'kv');
    await settled(element);
    press(element, '.yes');
    const plugin = await installing;
    assert.deepEqual([...(plugin?.grants.keys() ?? [])].sort(), ['http', 'log', 'mail']);
    assert.isFalse(dialog(element).open);
  });

  it('U7: does nothing for its first half second, and has the focus on itself alone', async () => {
    const element = await consentOf(host);
    const installing = element.install(source('1', { kv: true }));
    await asked(element);
    assert.isTrue(find(element, '.actions').inert);
    assert.isTrue(element.shadowRoot?.activeElement === dialog(element), 'it has the focus');
    press(element, '.yes');
    await armed(element);
    assert.isTrue(element.shadowRoot?.activeElement === dialog(element), 'it has the focus');
    assert.deepEqual(host.plugins, []);
    dispatchEvent(new FocusEvent('focus'));
    await settled(element);
    assert.isTrue(find(element, '.actions').inert);
    dismiss(element);
    assert.isUndefined(await installing);
    assert.deepEqual(host.plugins, []);
  });

  it('takes a late answer, the Escape key and an element that is gone for a no', async () => {
    const element = await consentOf(host);
    const late = new AbortController();
    const first = element.ask(question(), late.signal);
    await asked(element);
    late.abort();
    assert.equal(await first, 'no');
    assert.isFalse(dialog(element).open);
    const second = element.ask(question(), never);
    await asked(element);
    dismiss(element);
    assert.equal(await second, 'no');
    const third = element.ask(question(), never);
    await asked(element);
    element.remove();
    assert.equal(await third, 'no');
    assert.equal(await askWith(() => null)(question(), never), 'no');
  });
});
