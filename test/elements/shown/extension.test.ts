import { assert } from 'chai';
import { ExtensionSelectEvent } from '../../../src/elements/extension/extension-events.ts';
import '../../../src/elements/extension/extension.ts';
import type { TabEvent } from '../../../src/elements/tabs/tabs.ts';
import { assertAccessible } from '../../helpers/axe.ts';
import { find, textOf, until } from '../../helpers/render.ts';
import {
  choose,
  chosen,
  drawn,
  ECHO,
  extension,
  frameOf,
  labels,
  pageOf,
  pageShown,
  pagesOf,
  plugin,
  revealed,
  StandInExtensionHost,
  shownPlugin,
  tabsOf,
  three,
} from '../extension-stand-in.ts';

describe('<cloche-extension>', () => {
  it('passes the axe checks, with pages, with groups, and empty', async () => {
    const element = await extension(three());
    await revealed(element);
    await assertAccessible(element);
    await assertAccessible(await extension(new StandInExtensionHost([])));
  });

  describe('tabs', () => {
    it('are one for each contribution to the point, in the order of the host', async () => {
      const host = three();
      host.add(plugin(ECHO, { id: 'other', contributions: [{ point: 'item.panel', label: 'Elsewhere' }] }));
      const element = await extension(host);
      assert.deepEqual(labels(element), ['One, Development', 'Two, Plugins', 'A, Plugins', 'B, Plugins']);
    });

    it('stand under the names of their groups, which screen readers hear with each', async () => {
      const element = await extension(three());
      const captions = [...(find(element, 'cloche-tabs').shadowRoot?.querySelectorAll('.caption') ?? [])];
      assert.deepEqual(
        captions.map((caption) => textOf(caption)),
        ['Development', 'Plugins'],
      );
    });

    it('have no names of groups where there is one group', async () => {
      const element = await extension(new StandInExtensionHost([plugin(ECHO)]));
      assert.deepEqual(labels(element), ['Standup']);
      assert.isNull(find(element, 'cloche-tabs').shadowRoot?.querySelector('.caption') ?? null);
    });

    it('say whose they are where those of several plugins have one label', async () => {
      const settings = { contributions: [{ id: 'settings', label: 'Settings' }, { label: 'Own' }] };
      const host = new StandInExtensionHost([
        plugin(ECHO, { id: 'one', name: 'Alpha', ...settings }),
        plugin(ECHO, { id: 'two', name: 'Beta', contributions: [{ id: 'settings', label: 'Settings' }] }),
      ]);
      const element = await extension(host);
      assert.deepEqual(labels(element), ['Settings, Alpha', 'Own', 'Settings, Beta']);
      await assertAccessible(element);
      host.remove('two');
      await drawn(element);
      assert.deepEqual(labels(element), ['Settings', 'Own']);
    });

    it('say the id where the names are the same as well, and nothing of the like for one plugin alone', async () => {
      const twice = { name: 'Standup', contributions: [{ label: 'Settings' }] };
      const host = new StandInExtensionHost([
        plugin(ECHO, { id: 'one', ...twice }),
        plugin(ECHO, { id: 'two', ...twice }),
      ]);
      assert.deepEqual(labels(await extension(host)), ['Settings, one', 'Settings, two']);
      const alone = plugin(ECHO, { contributions: [{ label: 'Settings' }, { id: 'more', label: 'Settings' }] });
      assert.deepEqual(labels(await extension(new StandInExtensionHost([alone]))), ['Settings', 'Settings']);
    });

    it('tell the page which one was chosen by hand, once, and nothing of how tabs say it', async () => {
      const element = await extension(three());
      const told: string[] = [];
      const leaked: TabEvent[] = [];
      element.addEventListener('extensionselect', (event) => {
        assert.instanceOf(event, ExtensionSelectEvent);
        told.push(`${event.plugin} ${event.contribution}`);
      });
      element.addEventListener('cloche-tab', (event) => leaked.push(event));
      await choose(element, 3);
      element.selected = 'one/main';
      await drawn(element);
      assert.deepEqual(told, ['three b']);
      assert.isEmpty(leaked);
    });
  });

  describe('selected', () => {
    it('is the first one by itself', async () => assert.equal(shownPlugin(await extension(three())), 'one'));

    it('names a page by plugin and contribution, and says which one it is', async () => {
      const element = await extension(three(), { selected: 'three/b' });
      assert.equal(chosen(element), 'B, Plugins');
      await choose(element, 1);
      assert.equal(element.selected, 'two/main');
    });

    it('falls back on the first one when there is none of that name', async () => {
      assert.equal(chosen(await extension(three(), { selected: 'gone/main' })), 'One, Development');
    });

    it('can name the second of two contributions with the same id', async () => {
      const twice = plugin(ECHO, { contributions: [{ label: 'First' }, { label: 'Second' }] });
      const element = await extension(new StandInExtensionHost([twice]), { selected: 'standup/main#2' });
      assert.equal(chosen(element), 'Second');
    });
  });

  describe('pages', () => {
    it('open when they are chosen, not before', async () => {
      const element = await extension(three());
      assert.equal(pagesOf(element).length, 1);
      await choose(element, 1);
      assert.equal(pagesOf(element).length, 2);
    });

    it('close when five others were shown since', async () => {
      const host = new StandInExtensionHost(Array.from({ length: 7 }, (_, at) => plugin(ECHO, { id: `p${at}` })));
      const element = await extension(host);
      for (let at = 1; at < 7; at++) await choose(element, at);
      assert.deepEqual(
        pagesOf(element).map((page) => page.source?.contribution.plugin),
        ['p2', 'p3', 'p4', 'p5', 'p6'],
      );
    });
  });

  describe('plugins that come and go', () => {
    it('leave the first page when the chosen one goes', async () => {
      const host = three();
      const element = await extension(host, { selected: 'two/main' });
      await host.get('two')?.disable();
      await drawn(element);
      assert.equal(shownPlugin(element), 'one');
      await host.get('two')?.enable();
      await drawn(element);
      assert.equal(shownPlugin(element), 'two');
    });

    it('open their page anew after an update that changes it, and only then', async () => {
      const host = new StandInExtensionHost([plugin(ECHO)]);
      const element = await extension(host);
      const frame = frameOf(await revealed(element));
      host.changed();
      await drawn(element);
      assert.equal(frameOf(pageShown(element)), frame);
      host.get('standup')?.update({ assets: { 'index.html': pageOf(`${ECHO} // new`) } });
      await drawn(element);
      await until(() => frameOf(pageShown(element)) !== undefined, 'the new page');
      assert.notEqual(frameOf(pageShown(element)), frame);
      assert.isFalse(frame?.isConnected);
    });

    it('keep their place while they are quarantined, where they were shown', async () => {
      const host = three();
      const element = await extension(host, { selected: 'two/main' });
      const frame = frameOf(await revealed(element));
      host.get('two')?.become('quarantined');
      await drawn(element);
      assert.deepEqual(labels(element), ['One, Development', 'Two, Plugins', 'A, Plugins', 'B, Plugins']);
      assert.equal(frameOf(pageShown(element)), frame);
      host.remove('two');
      await drawn(element);
      assert.deepEqual(labels(element), ['One, Development', 'A, Plugins', 'B, Plugins']);
    });

    it('are not followed by an element that is gone', async () => {
      const host = three();
      const element = await extension(host);
      element.remove();
      host.add(plugin(ECHO, { id: 'four' }));
      await element.updateComplete;
      assert.equal(labels(element).length, 4);
    });

    it('are those of another host when the element gets one', async () => {
      const before = three();
      const element = await extension(before);
      element.host = new StandInExtensionHost([plugin(ECHO, { name: 'Other' })]);
      await drawn(element);
      assert.deepEqual(labels(element), ['Other']);
      before.add(plugin(ECHO, { id: 'late' }));
      await drawn(element);
      assert.deepEqual(labels(element), ['Other']);
    });
  });

  describe('with plugin and contribution', () => {
    it('shows only that page, without tabs', async () => {
      const element = await extension(three(), { plugin: 'three', contribution: 'b' });
      assert.isEmpty(tabsOf(element));
      assert.equal(pageShown(element).source?.contribution.id, 'b');
      await assertAccessible(element);
    });

    it('shows the tabs of that plugin where it has several', async () => {
      assert.deepEqual(labels(await extension(three(), { plugin: 'three' })), ['A', 'B']);
    });

    for (const [state, sentence] of [
      ['off', 'The plugin Two is switched off.'],
      ['quarantined', 'The plugin Two was stopped too often, and is quarantined.'],
    ] as const) {
      it(`says that the plugin is ${state}, and switches it on`, async () => {
        const host = three();
        host.get('two')?.become(state);
        const element = await extension(host, { plugin: 'two' });
        assert.include(textOf(element), sentence);
        await assertAccessible(element);
        find(element, 'button').click();
        await drawn(element);
        assert.equal(shownPlugin(element), 'two');
      });
    }
  });

  describe('without a page', () => {
    it('says that no plugin adds anything', async () => {
      assert.equal(textOf(await extension(three(), { point: 'nowhere' })), 'No plugin adds anything here.');
    });

    it('says that plugins are off where the host is, or the element', async () => {
      const off = 'Plugins are switched off here.';
      assert.equal(textOf(await extension(new StandInExtensionHost([plugin(ECHO)], true))), off);
      const element = await extension(three());
      const frame = frameOf(await revealed(element));
      element.disabled = true;
      await drawn(element);
      assert.equal(textOf(element), off);
      assert.isFalse(frame?.isConnected);
    });

    it('says nothing before it has a host', async () => {
      const element = await extension(three());
      element.host = undefined;
      await drawn(element);
      assert.equal(textOf(element), '');
    });
  });
});
