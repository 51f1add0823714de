// What engines have a say in of <cloche-extension>: its frames, the focus, dialogs and layout. What it shows is tested once.

import { assert } from 'chai';
import '../../src/elements/extension/extension.ts';
import { pause } from '../helpers/hosts.ts';
import { find, press, settled, textOf, until } from '../helpers/render.ts';
import {
  choose,
  dialogOf,
  drawn,
  ECHO,
  extension,
  frameOf,
  isOpen,
  labels,
  pageOf,
  pageShown,
  placeOf,
  plugin,
  revealed,
  StandInExtensionHost,
  shown,
  shownPlugin,
  tabsOf,
  three,
} from './extension-stand-in.ts';

describe('<cloche-extension>', () => {
  describe('tabs', () => {
    it('are chosen with the keyboard alone', async () => {
      const element = await extension(three());
      tabsOf(element)[0]?.focus();
      for (const [key, plugin] of [
        ['ArrowRight', 'two'],
        ['End', 'three'],
        ['ArrowRight', 'one'],
      ] as const) {
        press(tabsOf(element).find((tab) => tab.tabIndex === 0) ?? element, key);
        await drawn(element);
        assert.equal(shownPlugin(element), plugin);
      }
    });
  });

  describe('pages', () => {
    it('stay as they are behind another tab', async () => {
      const script = `${ECHO} addEventListener('message', ({ data }) => {
        if (data.set) document.querySelector('input').value = data.set;
        if (data.get) say({ type: 'test:value', value: document.querySelector('input').value });
      })`;
      const assets = { 'index.html': pageOf(script, '<input aria-label="Text">') };
      const host = new StandInExtensionHost([plugin('', { assets }), plugin(ECHO, { id: 'two' })]);
      const element = await extension(host);
      const replies: ((message: object) => void)[] = [];
      const values: unknown[] = [];
      element.addEventListener('bridgemessage', ({ message, reply }) => {
        if (message.type === 'test:heard') replies.push(reply);
        if (message.type === 'test:value') values.push((message as unknown as { value: unknown }).value);
      });
      await until(() => replies.length > 0, 'the page to be there');
      const frame = frameOf(pageShown(element));
      replies[0]?.({ set: 'half a sentence' });
      await choose(element, 1);
      await choose(element, 0);
      assert.equal(frameOf(pageShown(element)), frame);
      replies[0]?.({ get: true });
      await until(() => values.length > 0, 'what the field holds');
      assert.deepEqual(values, ['half a sentence']);
    });

    it('close with the element', async () => {
      const element = await extension(three());
      const page = await revealed(element);
      const frame = frameOf(page);
      element.remove();
      assert.isFalse(frame?.isConnected);
      assert.isUndefined(frameOf(page));
    });

    it('open again when the element comes back', async () => {
      const element = await extension(three());
      const place = element.parentElement;
      await revealed(element);
      element.remove();
      place?.append(element);
      await drawn(element);
      await revealed(element);
      assert.isTrue(frameOf(pageShown(element))?.isConnected);
    });
  });

  describe('plugins that come and go', () => {
    it('are followed without losing the chosen page', async () => {
      const host = three();
      const element = await extension(host, { selected: 'two/main' });
      const frame = frameOf(await revealed(element));
      host.add(plugin(ECHO, { id: 'four', name: 'Four' }));
      host.remove('one');
      await drawn(element);
      assert.deepEqual(labels(element), ['Two', 'A', 'B', 'Four']);
      assert.equal(frameOf(pageShown(element)), frame);
    });
  });
});

describe('the page of a plugin', () => {
  describe('before it is ready', () => {
    it('is not seen, and says that it loads', async () => {
      const { element, page } = await shown("setTimeout(() => parent.postMessage({ type: 'plugin:ready' }, '*'), 700)");
      assert.equal(textOf(find(page, '[role=status]')), 'Loading Standup');
      assert.equal(getComputedStyle(placeOf(page)).opacity, '0');
      await revealed(element);
      await until(() => getComputedStyle(placeOf(page)).opacity === '1', 'the end of the fade');
      assert.notInclude(textOf(page), 'Loading');
    });

    it('says nothing for the first 300 ms, in which most pages are there', async () => {
      const { page } = await shown('');
      assert.equal(getComputedStyle(find(page, '.loading')).visibility, 'hidden');
      const isSeen = (): boolean => getComputedStyle(find(page, '.loading')).visibility === 'visible';
      await until(isSeen, 'that it is said');
    });
  });

  describe('its height', () => {
    it('is 600 px at first and follows what it reports', async () => {
      const { element, page } = await shown(`${ECHO} say({ type: 'plugin:resize', height: 912 })`);
      assert.equal(placeOf(page).style.height, '600px');
      await revealed(element);
      await until(() => frameOf(page)?.clientHeight === 932, 'the new height');
    });

    it('comes to rest with the observer of the client library', async () => {
      const script = `${ECHO}
        const report = () => {
          const height = Math.max(document.body.scrollHeight, document.documentElement.scrollHeight);
          say({ type: 'plugin:resize', height });
        };
        new ResizeObserver(report).observe(document.body);
        new ResizeObserver(report).observe(document.documentElement);`;
      const body = '<style>html, body { height: 100% }</style><p>As high as its frame</p>';
      const { element, page } = await shown('', { assets: { 'index.html': pageOf(script, body) } });
      await revealed(element);
      await pause(500);
      assert.isAtMost(frameOf(page)?.clientHeight ?? 0, 700);
    });

    it('is not what a page reports while it cannot be seen', async () => {
      const script = `${ECHO} addEventListener('message', () => say({ type: 'plugin:resize', height: 0 }))`;
      const { element, page } = await shown(script);
      await revealed(element);
      await until(() => placeOf(page).style.height === '400px', 'the reported height');
      placeOf(page).style.height = '600px';
      element.hidden = true;
      document.documentElement.style.setProperty('--ds-test', '1');
      await pause(200);
      assert.equal(placeOf(page).style.height, '600px');
      document.documentElement.removeAttribute('style');
    });
  });

  describe('the theme', () => {
    afterEach(() => document.documentElement.removeAttribute('style'));
  });

  describe('dialogs', () => {
    it('wait while their page is behind another tab', async () => {
      const host = new StandInExtensionHost([
        plugin(`${ECHO} setTimeout(() => say({ type: 'plugin:showConfirm', id: 'late' }), 300)`),
        plugin(ECHO, { id: 'two' }),
      ]);
      const element = await extension(host);
      const page = await revealed(element);
      element.selected = 'two/main';
      await settled(element.parentElement ?? document);
      await pause(600);
      assert.isFalse(dialogOf(page).open);
      element.selected = 'standup/main';
      await isOpen(page);
      assert.isTrue(dialogOf(page).matches(':modal'));
    });

    it('leave with their page', async () => {
      const { element, page } = await shown(`${ECHO} say({ type: 'plugin:showConfirm', id: 'a' })`);
      await isOpen(page);
      element.remove();
      const next = await shown(`${ECHO} say({ type: 'plugin:showConfirm', id: 'b' })`);
      await isOpen(next.page);
      assert.isFalse(dialogOf(page).open);
    });
  });
});
