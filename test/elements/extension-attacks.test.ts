import { assert } from 'chai';
import '../../src/elements/extension/extension.ts';
import type { PluginDialog } from '../../src/elements/extension/dialog/dialog.ts';
import type { PluginPage } from '../../src/elements/extension/page/page.ts';
import { engine } from '../helpers/engine.ts';
import { pause } from '../helpers/hosts.ts';
import { find, settled, textOf, until } from '../helpers/render.ts';
import {
  ECHO,
  extension,
  frameOf,
  heardBy,
  pageOf,
  pageShown,
  plugin,
  revealed,
  StandInExtensionHost,
} from './extension-stand-in.ts';

const dialogOf = (page: PluginPage): HTMLDialogElement => find(page, 'cloche-plugin-dialog', 'dialog');
const hasFailed = (page: PluginPage): boolean => !!page.shadowRoot?.querySelector('.failure');

/** Takes the focus ten times a second, as if somebody had clicked into the page. */
const GRAB = `const grab = () => { window.focus(); document.querySelector('input').focus(); };`;
const withField = (script: string) => ({ assets: { 'index.html': pageOf(script, '<input aria-label="Trap">') } });

describe('<cloche-extension> under attack', () => {
  const fields: HTMLInputElement[] = [];
  const protectedField = (): HTMLInputElement => {
    const input = document.createElement('input');
    document.body.append(input);
    input.focus();
    fields.push(input);
    return input;
  };
  afterEach(() => {
    for (const input of fields.splice(0)) input.remove();
  });

  it('U1: does nothing on messages that come from anywhere but the frame of a page', async () => {
    const host = new StandInExtensionHost([plugin(ECHO)]);
    const element = await extension(host);
    const page = await revealed(element);
    const other = document.createElement('iframe');
    other.setAttribute('sandbox', 'allow-scripts');
    other.srcdoc = `<script>
      for (const target of [parent, parent[0], parent[0][0]])
        for (const type of ['plugin:showConfirm', 'plugin:showToast', 'plugin:resize', 'host:modalResult'])
          target.postMessage({ type, id: 'forged', height: 3000, message: 'forged' }, '*');
    </script>`;
    document.body.append(other);
    for (const origin of ['*', location.origin]) {
      postMessage({ type: 'plugin:showConfirm', message: 'forged' }, { targetOrigin: origin });
      postMessage({ type: 'plugin:resize', height: 3_000 }, { targetOrigin: origin });
    }
    await pause(500);
    other.remove();
    assert.isFalse(dialogOf(page).open);
    assert.equal(frameOf(page)?.clientHeight, 600);
    assert.equal(textOf(find(page, 'cloche-plugin-toasts')), '');
  });

  it('U1: answers only the page that asked, of two that are open', async () => {
    const asks = (id: string): string => `${ECHO} say({ type: 'plugin:showConfirm', id: '${id}' })`;
    const one = await extension(new StandInExtensionHost([plugin(asks('same'), { id: 'one' })]));
    const two = await extension(new StandInExtensionHost([plugin(ECHO, { id: 'two' })]));
    const heardOne = heardBy(one);
    const heardTwo = heardBy(two);
    await revealed(two);
    await until(() => dialogOf(pageShown(one)).open, 'the dialog');
    assert.isFalse(dialogOf(pageShown(two)).open);
    dialogOf(pageShown(one)).close();
    await until(() => heardOne.some(({ result }) => result === 'cancel'), 'the answer');
    await pause(100);
    assert.isFalse(heardTwo.some(({ type }) => type === 'host:modalResult'));
  });

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

  describe('U9: a page that takes the focus', () => {
    it('does not get what is typed into a field of the host', async () => {
      const script = `${ECHO} ${GRAB} addEventListener('message', ({ data }) => data.grab && grab())`;
      const element = await extension(new StandInExtensionHost([plugin('', withField(script))]));
      const replies: ((message: object) => void)[] = [];
      element.addEventListener('bridgemessage', ({ reply }) => replies.push(reply));
      await until(() => replies.length > 0, 'the page');
      const input = protectedField();
      for (let round = 0; round < 3; round++) {
        replies[0]?.({ grab: true });
        await pause(100);
        assert.isTrue(document.activeElement === input, 'the field has the focus');
      }
      assert.isFalse(hasFailed(pageShown(element)));
    });

    it('does not get it behind another tab either, whatever had the focus', async () => {
      const script = `${ECHO} ${GRAB} addEventListener('message', ({ data }) => data.grab && grab())`;
      const host = new StandInExtensionHost([plugin('', withField(script)), plugin(ECHO, { id: 'two' })]);
      const element = await extension(host);
      const replies: ((message: object) => void)[] = [];
      element.addEventListener('bridgemessage', ({ reply }) => replies.push(reply));
      await until(() => replies.length > 0, 'the page');
      const frame = frameOf(pageShown(element));
      element.selected = 'two/main';
      await settled(element.parentElement ?? document);
      replies[0]?.({ grab: true });
      await pause(200);
      assert.isFalse(deepFocus() === frame, 'the page has the focus');
    });

    it('is removed when it does not leave off', async () => {
      const script = `${ECHO} ${GRAB} setTimeout(() => setInterval(grab, 50), 300)`;
      const element = await extension(new StandInExtensionHost([plugin('', withField(script))]));
      const page = await revealed(element);
      const input = protectedField();
      // WebKit refuses each time, so that there is nothing to remove.
      if (engine.name === 'webkit') await pause(1_500);
      else await until(() => hasFailed(page), 'the page to be removed');
      assert.isTrue(document.activeElement === input, 'the field has the focus');
      assert.equal(hasFailed(page), engine.name !== 'webkit');
    });

    it('does not get the keys that are meant for its own dialog', async () => {
      const script = `${ECHO} ${GRAB} say({ type: 'plugin:showConfirm' });
        addEventListener('message', ({ data }) => data.grab && grab());`;
      const element = await extension(new StandInExtensionHost([plugin('', withField(script))]));
      const replies: ((message: object) => void)[] = [];
      element.addEventListener('bridgemessage', ({ reply }) => replies.push(reply));
      const page = pageShown(element);
      await until(() => replies.length > 0 && dialogOf(page).open, 'the dialog');
      const cancel = find(page, 'cloche-plugin-dialog', '.cancel');
      assert.isTrue(deepFocus() === cancel, 'the button has the focus');
      replies[0]?.({ grab: true });
      await pause(200);
      await until(() => deepFocus() === cancel, 'the button to have the focus again');
    });

    it('may have it in a dialog of the host that shows the page', async () => {
      const script = `${ECHO} ${GRAB} addEventListener('message', ({ data }) => data.grab && grab())`;
      const element = await extension(new StandInExtensionHost([plugin('', withField(script))]));
      const dialog = document.createElement('dialog');
      const button = document.createElement('button');
      element.parentElement?.append(dialog);
      dialog.append(button, element);
      dialog.showModal();
      const replies: ((message: object) => void)[] = [];
      element.addEventListener('bridgemessage', ({ reply }) => replies.push(reply));
      await until(() => replies.length > 0, 'the page');
      replies[0]?.({ grab: true });
      await pause(200);
      // WebKit lets no page have it without a gesture.
      if (engine.name === 'webkit') assert.isTrue(deepFocus() === button, 'the button has the focus');
      else assert.isTrue(deepFocus() === frameOf(pageShown(element)), 'the page has the focus');
    });

    it('may have it where nobody types', async () => {
      const script = `${ECHO} ${GRAB} setInterval(grab, 50)`;
      const element = await extension(new StandInExtensionHost([plugin('', withField(script))]));
      const page = await revealed(element);
      await pause(1_000);
      assert.isFalse(hasFailed(page));
    });
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

function deepFocus(): Element | null {
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  return focused;
}
