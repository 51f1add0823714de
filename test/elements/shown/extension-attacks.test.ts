import { assert } from 'chai';
import '../../../src/elements/extension/extension.ts';
import type { PluginDialog } from '../../../src/elements/extension/dialog/dialog.ts';
import { find, settled, textOf, until } from '../../helpers/render.ts';
import {
  dialogOf,
  ECHO,
  extension,
  frameOf,
  hasFailed,
  heardBy,
  pageShown,
  plugin,
  revealed,
  StandInExtensionHost,
} from '../extension-stand-in.ts';

describe('<cloche-extension> under attack', () => {
  it('U7: shows one dialog to a page that asks three hundred times, and lets the user end it', async () => {
    const script = `${ECHO} for (let at = 0; at < 300; at++) say({ type: 'plugin:showConfirm', id: 'q' + at })`;
    const element = await extension(new StandInExtensionHost([plugin(script)]));
    const heard = heardBy(element);
    const page = await revealed(element);
    const answered = (): number => heard.filter(({ result }) => result === 'cancel').length;
    await until(() => answered() === 294, 'all but six to be dismissed');
    for (const done of [295, 296]) {
      await until(() => dialogOf(page).open, 'a dialog');
      assert.isNull(dialogOf(page).querySelector('.mute'));
      dialogOf(page).close();
      await until(() => answered() === done, 'one more answer');
    }
    await until(() => dialogOf(page).querySelector('.mute') !== null, 'the way out');
    const mute = find<HTMLButtonElement>(page, 'cloche-plugin-dialog', '.mute');
    await until(() => mute.ariaDisabled === 'false', 'the buttons to work');
    mute.click();
    await until(() => answered() === 300, 'all to be dismissed');
    assert.isFalse(dialogOf(page).open);
  });

  it('U11: shows what plugins call themselves and their tabs as the text that it is', async () => {
    const markup = '<img src=x onerror="parent.hacked=1"><b>x</b>';
    const texts = { id: markup, label: markup, group: markup, component: markup };
    const host = new StandInExtensionHost([
      plugin('', { name: markup, contributions: [texts, { id: 'plain' }], needsServer: { mail: markup } }),
    ]);
    const element = await extension(host);
    const page = pageShown(element);
    await until(() => hasFailed(page), 'the failure, which names the page');
    await host.get('standup')?.disable();
    await settled(element.parentElement ?? document);
    const alone = await extension(host, { plugin: 'standup' });
    for (const root of [element, page, alone].map(({ shadowRoot }) => shadowRoot)) {
      assert.isNull(root?.querySelector('img, b') ?? null);
    }
    assert.include(textOf(alone), '<b>x</b>');
    assert.isFalse('hacked' in window);
  });

  it('U11: makes what would reorder a label visible', async () => {
    const host = new StandInExtensionHost([plugin(ECHO, { contributions: [{ label: 'a\u202eb\u0000' }] })]);
    const element = await extension(host);
    const tab = find(element, 'cloche-tabs', '[role=tab]');
    assert.equal(textOf(tab), 'a\\u202eb\\u0000');
  });

  // An isolation ends at this mark, whoever wrote it: https://www.unicode.org/reports/tr9/#X6a
  it('U11: makes what would reorder the words around a name visible, wherever a name is', async () => {
    const name = 'a\u2069\u202eb';
    const host = new StandInExtensionHost([plugin(ECHO, { name })]);
    const element = await extension(host);
    const page = pageShown(element);
    const names = ['cloche-plugin-toasts', 'cloche-plugin-dialog'].map(
      (tag) => find<PluginDialog>(page, tag).pluginName,
    );
    const loading = page.shadowRoot?.querySelector('.loading:not(.place)')?.textContent ?? '';
    await until(() => frameOf(page) !== undefined, 'the frame');
    const title = frameOf(page)?.title ?? '';
    await host.get('standup')?.disable();
    const alone = await extension(host, { plugin: 'standup' });
    for (const text of [...names, loading, title, textOf(alone)]) {
      assert.include(text, 'a\\u2069\\u202eb');
      assert.notMatch(text, /[\u2069\u202e]/);
    }
  });

  describe('X5: hostile attributes', () => {
    const HOSTILE = ['__proto__', 'constructor', '"><img src=x onerror=alert(1)>', '', '\u0000', 'x'.repeat(100_000)];

    for (const value of HOSTILE) {
      it(`are data: ${JSON.stringify(value).slice(0, 40)}`, async () => {
        const host = new StandInExtensionHost([plugin(ECHO)]);
        const element = await extension(host);
        for (const name of ['point', 'plugin', 'contribution', 'selected', 'label', 'max-height']) {
          element.setAttribute(name, value);
          await settled(element.parentElement ?? document);
          assert.isNull(element.shadowRoot?.querySelector('img') ?? null);
          element.setAttribute(name, name === 'point' ? 'admin.tab' : '');
        }
        await revealed(element);
      });
    }

    for (const [maxHeight, px] of [
      ['-1', 400],
      ['nonsense', 10_000],
      ['1e9999', 50_020],
    ] as const) {
      it(`cannot make a frame without bounds: ${maxHeight}`, async () => {
        const script = `${ECHO} say({ type: 'plugin:resize', height: 50000 })`;
        const element = await extension(new StandInExtensionHost([plugin(script)]));
        element.setAttribute('max-height', maxHeight);
        const page = await revealed(element);
        await until(() => find(page, '.place').style.height === `${px}px`, `${px} px`);
      });
    }
  });
});
