import { assert } from 'chai';
import { html } from 'lit';
import { property } from 'lit/decorators.js';
import { ClocheElement, element } from '../../src/elements/element.ts';
import { BLACK, cssOf, WHITE } from '../../src/elements/extension/theme/color.ts';
import { type Palette, paletteFor } from '../../src/elements/extension/theme/palette.ts';
import { readTheme, type Theme } from '../../src/elements/extension/theme/theme.ts';
import { ThemeController } from '../../src/elements/extension/theme/theme-controller.ts';
import { renderElement, until } from '../helpers/render.ts';

/** Notes each theme that it is drawn with. */
@element('test-themed')
class Themed extends ClocheElement {
  @property({ attribute: false }) seen: Theme[] = [];
  readonly controller = new ThemeController(this);

  override render() {
    if (this.seen.at(-1) !== this.controller.theme) this.seen.push(this.controller.theme);
  }
}

const root = document.documentElement;
const added: Element[] = [];

function addStyle(css: string): HTMLStyleElement {
  const style = document.createElement('style');
  style.textContent = css;
  document.head.append(style);
  added.push(style);
  return style;
}

const paletteOf = (scheme: 'light' | 'dark'): Palette =>
  paletteFor({
    behind: scheme === 'dark' ? BLACK : WHITE,
    text: scheme === 'dark' ? WHITE : BLACK,
    named: () => undefined,
    usual: () => WHITE,
  });

const value = (name: string): string | undefined => readTheme(document, paletteOf('light')).variables[name];

describe('WS32: the theme for plugin pages', () => {
  afterEach(() => {
    for (const node of added.splice(0)) node.remove();
    root.removeAttribute('style');
    root.removeAttribute('class');
    root.removeAttribute('data-theme');
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => !('test' in sheet));
  });

  it('has the --ds-* and --cloche-* properties that style sheets declare, and no others', () => {
    addStyle(':root { --ds-surface: #fafafa; --cloche-radius: 3px; --acme-secret: 1; color: black }');
    const { variables } = readTheme(document, paletteOf('light'));
    assert.equal(variables['--ds-surface'], '#fafafa');
    assert.equal(variables['--cloche-radius'], '3px');
    assert.isTrue(Object.keys(variables).every((name) => /^--(ds|cloche)-/.test(name)));
  });

  it('is drawn with the colours around it as soon as its slot is there', async () => {
    const outer = await renderElement<HTMLElement>(html`
      <div style="background: #000; color: #fff"><test-themed slot="late"></test-themed></div>
    `);
    const themed = outer.querySelector<Themed>('test-themed') as Themed;
    const root = outer.attachShadow({ mode: 'open' });
    themed.controller.refresh();
    const before = JSON.stringify(themed.controller.palette);
    root.innerHTML = '<slot name="late"></slot>';
    await until(() => JSON.stringify(themed.controller.palette) !== before, 'its colours');
  });

  it('has computed values: of the rule that applies, with variables put in', () => {
    addStyle(`
      :root { --blue: #00f; --ds-a: 1px; --ds-link: var(--blue) }
      :root { --ds-a: 2px }
      .dark { --ds-elsewhere: 3px }
    `);
    assert.equal(value('--ds-a'), '2px');
    assert.equal(value('--ds-link'), '#00f');
    assert.isUndefined(value('--ds-elsewhere'));
  });

  it('finds them in media, layers, nested rules, imports, adopted sheets and the style of the document element', async () => {
    const imported = URL.createObjectURL(new Blob([':root { --ds-imported: 5px }'], { type: 'text/css' }));
    addStyle(`@import url(${imported});`);
    addStyle(`
      @media all { @layer x { :root { --ds-layered: 1px } } }
      @supports (color: red) { html { &:root { --ds-nested: 2px } } }
    `);
    const sheet = Object.assign(new CSSStyleSheet(), { test: true });
    sheet.replaceSync(':root { --ds-adopted: 3px }');
    document.adoptedStyleSheets.push(sheet);
    root.style.setProperty('--ds-inline', '4px');
    const names = ['layered', 'nested', 'adopted', 'inline'];
    assert.deepEqual(
      names.map((name) => value(`--ds-${name}`)),
      ['1px', '2px', '3px', '4px'],
    );
    await until(() => value('--ds-imported') === '5px', 'the value of the import');
    URL.revokeObjectURL(imported);
  });

  it('passes over a sheet of another origin, which cannot be read', () => {
    const unreadable = {
      get cssRules(): never {
        throw new DOMException('', 'SecurityError');
      },
    };
    addStyle(':root { --ds-readable: 1px }');
    const { documentElement, adoptedStyleSheets } = document;
    const styleSheets = [unreadable, ...document.styleSheets];
    const stand = { documentElement, adoptedStyleSheets, styleSheets } as unknown as Document;
    assert.equal(readTheme(stand, paletteOf('light')).variables['--ds-readable'], '1px');
  });

  it('chooses between light and dark, as a frame would choose by a scheme of its own', () => {
    addStyle(
      ':root { --ds-a: light-dark(rgb(1, 2, 3), #000); --ds-b: 1px solid light-dark(red, light-dark(blue, lime)) }',
    );
    const choice = (scheme: 'light' | 'dark') => {
      const { variables, colorScheme } = readTheme(document, paletteOf(scheme));
      return [variables['--ds-a'], variables['--ds-b'], colorScheme];
    };
    assert.deepEqual(choice('light'), ['rgb(1, 2, 3)', '1px solid red', 'light']);
    assert.deepEqual(choice('dark'), ['#000', '1px solid lime', 'dark']);
  });

  it('has the colours of Cloche as they are drawn', () => {
    const palette = paletteOf('dark');
    const { variables } = readTheme(document, palette);
    assert.equal(variables['--cloche-text'], cssOf(palette.colors.text));
    assert.equal(variables['--cloche-surface'], cssOf(palette.ground));
  });

  describe('while an element shows it', () => {
    const shown = async (): Promise<Themed> => renderElement<Themed>(html`<test-themed></test-themed>`);
    const now = (themed: Themed, name: string): string | undefined => themed.controller.theme.variables[name];

    it('follows classes, attributes and styles of the document element', async () => {
      addStyle('.dark { --ds-a: class } [data-theme=dim] { --ds-a: data }');
      const themed = await shown();
      root.className = 'dark';
      await until(() => now(themed, '--ds-a') === 'class', 'the value of the class');
      root.dataset.theme = 'dim';
      await until(() => now(themed, '--ds-a') === 'data', 'the value of the attribute');
      root.style.setProperty('--ds-a', 'inline');
      await until(() => now(themed, '--ds-a') === 'inline', 'the value of the style');
    });

    it('follows what is behind it, through the shadow trees that it stands in', async () => {
      const themed = await shown();
      const place = themed.parentElement as HTMLElement;
      assert.equal(themed.controller.theme.colorScheme, 'light');
      const outer = document.createElement('div');
      outer.attachShadow({ mode: 'open' }).innerHTML = '<main><slot></slot></main>';
      document.body.append(outer);
      added.push(outer);
      outer.append(place);
      outer.shadowRoot?.querySelector('main')?.setAttribute('style', 'background: #111; color: #eee');
      await until(() => themed.controller.theme.colorScheme === 'dark', 'the dark scheme');
      assert.equal(now(themed, '--cloche-text'), 'rgb(238 238 238)');
    });

    it('is read once a transition between two looks is over', async () => {
      addStyle(
        '.fades { background: #fff; transition: background-color 150ms linear } .fades.dark { background: #111 }',
      );
      const themed = await shown();
      const place = themed.parentElement as HTMLElement;
      place.className = 'fades';
      place.getBoundingClientRect();
      place.classList.add('dark');
      await until(() => now(themed, '--cloche-surface') === 'rgb(17 17 17)', 'the last colour');
    });

    it('follows style sheets that come, change and go', async () => {
      const themed = await shown();
      const style = addStyle(':root { --ds-a: one }');
      await until(() => now(themed, '--ds-a') === 'one', 'the sheet that came');
      style.textContent = ':root { --ds-a: two }';
      await until(() => now(themed, '--ds-a') === 'two', 'its change');
      style.remove();
      await until(() => now(themed, '--ds-a') === undefined, 'that it went');
      const link = document.createElement('link');
      link.rel = 'stylesheet';
      link.href = URL.createObjectURL(new Blob([':root { --ds-a: linked }'], { type: 'text/css' }));
      added.push(link);
      document.head.append(link);
      await until(() => now(themed, '--ds-a') === 'linked', 'the sheet of a link');
      URL.revokeObjectURL(link.href);
    });

    it('reads again when it is told to, for what browsers do not report', async () => {
      const style = addStyle(':root { --ds-a: one }');
      const themed = await shown();
      style.sheet?.insertRule(':root { --ds-a: inserted }', 1);
      assert.equal(now(themed, '--ds-a'), 'one');
      themed.controller.refresh();
      assert.equal(now(themed, '--ds-a'), 'inserted');
    });

    it('is drawn once for many changes at once, and not at all when nothing of it changed', async () => {
      const themed = await shown();
      const before = themed.seen.length;
      for (const at of [1, 2, 3]) root.style.setProperty('--ds-a', String(at));
      await until(() => now(themed, '--ds-a') === '3', 'the last value');
      await themed.updateComplete;
      assert.equal(themed.seen.length, before + 1);
      root.className = 'unrelated';
      await new Promise((wake) => setTimeout(wake, 100));
      assert.equal(themed.seen.length, before + 1);
    });

    it('is not read any more once the element is gone', async () => {
      const themed = await shown();
      themed.remove();
      root.style.setProperty('--ds-a', 'later');
      await new Promise((wake) => setTimeout(wake, 100));
      assert.isUndefined(now(themed, '--ds-a'));
      themed.controller.hostDisconnected();
    });
  });
});
