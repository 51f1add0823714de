import { assert } from 'chai';
import type { ClocheExtension } from '../../../src/elements/extension/extension.ts';
import '../../../src/elements/extension/extension.ts';
import type { PluginPage } from '../../../src/elements/extension/page/page.ts';
import { assertAccessible } from '../../helpers/axe.ts';
import { pause } from '../../helpers/hosts.ts';
import { find, settled, textOf, until } from '../../helpers/render.ts';
import {
  dialogOf,
  ECHO,
  extension,
  frameOf,
  isOpen,
  isRevealed,
  pageOf,
  pageShown,
  pagesOf,
  plugin,
  revealed,
  StandInExtensionHost,
  shown,
} from '../extension-stand-in.ts';

async function answerWith(page: PluginPage, name: string): Promise<void> {
  await isOpen(page);
  const button: HTMLButtonElement = find(page, 'cloche-plugin-dialog', `button.${name}`);
  await until(() => button.ariaDisabled === 'false', 'the buttons to work');
  button.click();
}

describe('the page of a plugin', () => {
  // It waits for seconds, beside the tests of other pages.
  let silent: ClocheExtension;
  let silentMs: Promise<number>;
  before(() => {
    silent = document.createElement('cloche-extension');
    Object.assign(silent, { point: 'admin.tab', host: new StandInExtensionHost([plugin('')]) });
    document.body.append(silent);
    const began = performance.now();
    silentMs = until(() => pagesOf(silent).some(isRevealed), 'the page to be shown').then(
      () => performance.now() - began,
    );
  });
  after(() => silent.remove());

  it('passes the axe checks while it loads', async () => {
    const { page } = await shown('');
    assert.equal(textOf(find(page, '[role=status]')), 'Loading Standup');
    await until(() => getComputedStyle(find(page, '.loading')).visibility === 'visible', 'that it is said');
    await assertAccessible(page);
  });

  it('passes the axe checks, with a toast', async () => {
    const { element, page } = await shown(`${ECHO} say({ type: 'plugin:showToast', message: 'Saved' })`);
    await revealed(element);
    await until(() => textOf(find(page, 'cloche-plugin-toasts')) !== '', 'the toast');
    await assertAccessible(page);
  });

  describe('its frame', () => {
    it('has a name for screen readers', async () => {
      const { element, page } = await shown(ECHO, { contributions: [{ label: 'Board' }] });
      await revealed(element);
      assert.equal(frameOf(page)?.title, 'Board, plugin Standup');
    });

    it('shows the named page of the package', async () => {
      const assets = { 'index.html': pageOf(''), 'board.html': pageOf(ECHO) };
      const { element } = await shown('', { assets, contributions: [{ component: 'board.html' }] });
      await revealed(element);
    });

    it('asks with the claims of the app at the time, whatever it says itself', async () => {
      const script = `
        const init = { headers: { 'X-Cloche-Claims': '{"userId":1}' }, claims: { userId: 1 } };
        const ask = () => fetch('./status', init).finally(() => setTimeout(ask, 20));
        ask();`;
      const { host, element } = await shown(script);
      const claims = host.get('standup')?.claims ?? [];
      await until(() => claims.length > 0, 'a request');
      assert.isUndefined(claims[0]);
      element.claims = { userId: 'ann', roles: ['admin'] };
      await until(() => claims.at(-1) !== undefined, 'a request with claims');
      assert.deepEqual(claims.at(-1), { userId: 'ann', roles: ['admin'] });
    });

    it('asks the routes of its plugin, and nobody else', async () => {
      const script = `fetch('./status').then((answer) => answer.json())
        .then((body) => parent.postMessage({ type: 'test:heard', message: body }, '*'))`;
      const { host, heard } = await shown(script);
      await until(() => heard.length > 0, 'an answer');
      assert.deepEqual({ ...heard[0] }, { plugin: 'standup' } as never);
      assert.deepEqual(host.get('standup')?.requests, ['/api/plugins/standup/status']);
    });

    for (const [grants, expected] of [
      [[], 'allow-scripts allow-forms'],
      [['dialogs'], 'allow-scripts allow-forms allow-modals'],
    ] as const) {
      it(`may open dialogs of the browser only by a grant: ${grants.length === 1}`, async () => {
        const { element, page } = await shown(ECHO, { grants });
        await revealed(element);
        assert.equal(frameOf(page)?.getAttribute('sandbox'), expected);
      });
    }
  });

  describe('its height', () => {
    it('ends at the limit of the element', async () => {
      const script = `${ECHO} say({ type: 'plugin:resize', height: 9000 })`;
      const { element, page } = await shown(script, {}, { maxHeight: 700 });
      await revealed(element);
      await until(() => frameOf(page)?.clientHeight === 700, 'the limit');
    });
  });

  describe('the theme', () => {
    afterEach(() => document.documentElement.removeAttribute('style'));

    it('comes with ready, on request, and with each change', async () => {
      document.documentElement.style.setProperty('--ds-surface', 'white');
      const { heard } = await shown(`${ECHO} say({ type: 'plugin:getTheme' })`);
      await until(() => heard.length === 2, 'two answers');
      assert.equal(heard[0]?.type, 'host:themeUpdate');
      assert.equal(heard[0]?.variables?.['--ds-surface'], 'white');
      assert.isString(heard[0]?.variables?.['--cloche-text']);
      document.documentElement.style.setProperty('--ds-surface', 'black');
      await until(() => heard.length === 3, 'the change');
      assert.equal(heard[2]?.variables?.['--ds-surface'], 'black');
    });
  });

  describe('dialogs', () => {
    it('are answered to the page: confirm and cancel', async () => {
      const script = `${ECHO}
        say({ type: 'plugin:showConfirm', id: 'a' });
        say({ type: 'plugin:showConfirm', id: 'b' });`;
      const { page, heard } = await shown(script);
      await answerWith(page, 'confirm');
      await answerWith(page, 'cancel');
      await until(() => heard.filter(({ type }) => type === 'host:modalResult').length === 2, 'two answers');
      const results = heard
        .filter(({ type }) => type === 'host:modalResult')
        .map(({ id, result }) => `${id} ${result}`);
      assert.deepEqual(results, ['a confirm', 'b cancel']);
      assert.isFalse(dialogOf(page).open);
    });

    it('show data and answer null', async () => {
      const script = `${ECHO} say({ type: 'plugin:showModal', id: 'm', title: 'Member', content: { name: 'Ada' } })`;
      const { page, heard } = await shown(script);
      await isOpen(page);
      assert.include(textOf(find(page, 'cloche-plugin-dialog')), 'Plugin Standup standup Member Name Ada');
      await answerWith(page, 'cancel');
      await until(() => heard.some(({ id, result }) => id === 'm' && result === null), 'the answer');
    });
  });

  it('is told which user was picked, and nothing when nobody was', async () => {
    const script = `${ECHO} say({ type: 'plugin:showUserPicker', currentUserId: 5 })`;
    const pickUser: ClocheExtension['pickUser'] = async ({ plugin, currentUserId }) => ({
      id: 6,
      plugin,
      currentUserId,
    });
    const { heard } = await shown(script, {}, { pickUser });
    await until(() => heard.some(({ type }) => type === 'host:userPickerResult'), 'the user');
    const user = heard.find(({ type }) => type === 'host:userPickerResult')?.user;
    assert.deepEqual(user, { id: 6, plugin: 'standup', currentUserId: 5 });
    const none = await shown(script, {}, { pickUser: async () => undefined });
    await until(() => none.heard.length > 0, 'the theme');
    await pause(100);
    assert.isFalse(none.heard.some(({ type }) => type === 'host:userPickerResult'));
  });

  it('passes messages of other types on to the host app, which can answer', async () => {
    const { element, heard } = await shown(`${ECHO} say({ type: 'acme:open', item: 7 })`);
    const told: string[] = [];
    element.addEventListener('bridgemessage', ({ plugin, contribution, message, reply }) => {
      if (message.type !== 'acme:open') return;
      told.push(`${plugin} ${contribution} ${JSON.stringify(message)}`);
      reply({ type: 'acme:opened' });
    });
    await until(() => heard.some(({ type }) => type === 'acme:opened'), 'the answer');
    assert.deepEqual(told, ['standup main {"type":"acme:open","item":7}']);
  });

  describe('when it fails', () => {
    const missing = { assets: { 'other.html': pageOf('') } };

    it('says so to people in their language, what exactly to whoever looks and to the host app, and offers to try again', async () => {
      const host = new StandInExtensionHost([plugin('', missing)]);
      const failures: string[] = [];
      const hear = (event: Event): void => {
        const { plugin, contribution, error } = event as HTMLElementEventMap['extensionfailed'];
        failures.push(`${plugin} ${contribution} ${error.code}`);
      };
      document.addEventListener('extensionfailed', hear);
      const element = await extension(host);
      const page = pageShown(element);
      await until(() => textOf(page).includes('no page'), 'the failure');
      document.removeEventListener('extensionfailed', hear);
      assert.deepEqual(failures, ['standup main FRAME_FAILED']);
      await assertAccessible(page);
      assert.equal(textOf(find(page, '.failure p')), 'This page of Standup cannot be shown.');
      assert.include(textOf(find(page, '.failure details')), 'no page');
      element.lang = 'de';
      await until(() => textOf(page).includes('Diese Seite von Standup kann nicht gezeigt werden.'), 'German');
      assert.equal(textOf(find(page, 'button.again')), 'Noch einmal versuchen');
      host.get('standup')?.update(missing);
      Object.assign(missing.assets, { 'index.html': pageOf(ECHO) });
      find(page, 'button.again').click();
      await revealed(element);
    });

    it('offers to switch the plugin off when trying again did not help', async () => {
      const host = new StandInExtensionHost([plugin('', { assets: {} })]);
      const element = await extension(host);
      const page = pageShown(element);
      const button = (name: string) => page.shadowRoot?.querySelector<HTMLButtonElement>(`button.${name}`);
      await until(() => !!button('again'), 'the failure');
      assert.isNull(button('off'));
      button('again')?.click();
      await until(() => !!button('off'), 'the second failure');
      button('off')?.click();
      await until(() => textOf(element) === 'No plugin adds anything here.', 'that it is off');
      assert.equal(host.get('standup')?.state, 'off');
    });

    it('takes its dialogs with it', async () => {
      const script = `${ECHO} say({ type: 'plugin:showConfirm', id: 'a' });
        setTimeout(() => { for (let at = 0; at < 4000; at++) say({ type: 'plugin:getTheme' }) }, 300)`;
      const { page } = await shown(script);
      await isOpen(page);
      await until(() => !!page.shadowRoot?.querySelector('.failure'), 'the failure');
      await settled(page.parentElement ?? document);
      assert.isFalse(dialogOf(page).open);
      assert.isUndefined(frameOf(page));
    });
  });

  it('says what only a server could do', async () => {
    const needsServer = { mail: 'It cannot send mail.' };
    const { page } = await shown(ECHO, { needsServer });
    assert.include(textOf(find(page, '.notice')), 'It cannot send mail.');
    assert.equal(textOf(find(page, 'cloche-state')), 'needs a server');
    await assertAccessible(page);
  });

  it('stays when its plugin is quarantined, and offers to switch it on again', async () => {
    const { host, element, page } = await shown(ECHO);
    const frame = frameOf(await revealed(element));
    host.get('standup')?.become('quarantined');
    await settled(element.parentElement ?? document);
    assert.equal(textOf(find(page, 'cloche-state')), 'quarantined');
    await assertAccessible(page);
    find(page, 'button.on').click();
    await settled(element.parentElement ?? document);
    assert.equal(host.get('standup')?.state, 'asleep');
    assert.equal(frameOf(page), frame);
  });

  it('is shown after some seconds when it never says that it is ready', async () => {
    assert.isAbove(await silentMs, 2_000);
  });
});
