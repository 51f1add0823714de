import { assert } from 'chai';
import type { PluginDialog } from '../../src/elements/extension/dialog/dialog.ts';
import '../../src/elements/extension/extension.ts';
import type { ClocheExtension } from '../../src/elements/extension/extension.ts';
import { surroundings } from '../../src/elements/extension/theme/app-colors.ts';
import { contrastOf, type Pixel, paint } from '../helpers/contrast.ts';
import { find, settled, until } from '../helpers/render.ts';
import { extension, pageShown, plugin, StandInExtensionHost } from './extension-stand-in.ts';

interface Look {
  readonly name: string;
  /** Of the app's container: its background and the colour of its text. */
  readonly style: string;
  /** The colours over each other that are seen behind; none where it may be any. */
  readonly layers: readonly string[];
}

const look = (name: string, background: string, color: string): Look => ({
  name,
  style: `background: ${background}; color: ${color}`,
  layers: ['white', background],
});

/** None sets `color-scheme`, and the colour of text is not always one that can be read. */
const LOOKS: readonly Look[] = [
  look('white', '#ffffff', '#172b4d'),
  look('near black', '#0d1117', '#e6edf3'),
  look('black, with text that stayed black', '#000000', '#000000'),
  look('dark blue', 'oklch(0.25 0.05 265)', '#b6c2cf'),
  look('middle grey', '#777777', '#ffffff'),
  look('light grey', '#b0b0b0', '#808080'),
  look('saturated red', '#d00000', '#ff8080'),
  look('saturated yellow', '#ffe600', '#ffffff'),
  look('saturated blue', '#0000ff', '#000000'),
  look('saturated green', '#00a000', '#ffffff'),
  {
    name: 'glass over dark',
    style: 'background: rgb(255 255 255 / 0.08); color: #ddd',
    layers: ['#101010', '#ffffff14'],
  },
  { name: 'a gradient', style: 'background: linear-gradient(#000, #fff); color: #eee', layers: [] },
];

/** One page that cannot be opened, and in front of it all that a page can ask for. */
const host = () =>
  new StandInExtensionHost([
    plugin('', {
      contributions: [
        { id: 'a', group: 'One' },
        { id: 'b', component: 'missing.html', group: 'Two' },
      ],
    }),
  ]);

interface Painted {
  readonly what: string;
  readonly color: Pixel;
  readonly grounds: readonly Pixel[];
}

describe('what <cloche-extension> draws, in an app that declares no color-scheme', () => {
  let element: ClocheExtension;
  let backdrop: HTMLElement;

  before(async () => {
    element = await extension(host(), { selected: 'standup/b' });
    // Kept for all tests: it would be taken away after the first.
    backdrop = document.createElement('section');
    // Colours are measured as they are in the end.
    backdrop.style.cssText = 'background: #101010; --cloche-motion: 0s';
    const app = document.createElement('div');
    backdrop.append(app);
    document.body.append(backdrop);
    app.append(element);
    await until(() => textsOf(element).some(({ what }) => what.startsWith('Try again')), 'the failure');
    const page = pageShown(element);
    for (const variant of ['info', 'success', 'warning'] as const) {
      find<HTMLElement & { show(toast: object): void }>(page, 'cloche-plugin-toasts').show({
        message: `Saved, ${variant}`,
        variant,
        durationMs: 3_600_000,
      });
    }
    const dialog = find<PluginDialog>(page, 'cloche-plugin-dialog');
    dialog.canMute = true;
    dialog.question = {
      type: 'confirm',
      id: 'c',
      title: 'Delete?',
      message: 'All of it',
      confirmText: 'Delete',
      cancelText: 'Keep',
      variant: 'danger',
    };
    page.state = 'quarantined';
    await settled(backdrop);
  });

  after(() => backdrop.remove());

  for (const { name, style, layers } of LOOKS) {
    describe(`on ${name}`, () => {
      before(async () => {
        element.parentElement?.setAttribute('style', style);
        element.refreshTheme();
        await settled(backdrop);
      });

      it('has 4.5:1 for each text', () => {
        const texts = textsOf(element, layers);
        for (const word of [
          'Standup',
          'cannot be shown',
          'Try again',
          'Saved, info',
          'Delete?',
          'Keep',
          'No more windows',
        ])
          assert.isTrue(
            texts.some(({ what }) => what.includes(word)),
            word,
          );
        assertContrast(texts, 4.5);
      });

      it('has 3:1 for the focus, the mark of the chosen tab and the edges of buttons', () => {
        assertContrast(edgesOf(element, layers), 3);
      });
    });
  }

  it('leaves the colours that the app has named as they are, where they can be read', async () => {
    const app = element.parentElement as HTMLElement;
    const colorOf = (name: string): string =>
      getComputedStyle(find(element, '.ground')).getPropertyValue(`--cloche-${name}`);
    app.setAttribute('style', 'background: #101418; color: #ddd; --cloche-text: #ffe8c0; --ds-interactive: #9db8ff');
    element.refreshTheme();
    await settled(backdrop);
    assert.deepEqual([colorOf('text'), colorOf('accent')], ['rgb(255 232 192)', 'rgb(157 184 255)']);
    app.style.setProperty('--cloche-text', '#222');
    element.refreshTheme();
    await settled(backdrop);
    assert.notEqual(colorOf('text'), 'rgb(34 34 34)');
  });
});

function assertContrast(painted: readonly Painted[], least: number): void {
  assert.isNotEmpty(painted);
  const short = painted.flatMap(({ what, color, grounds }) => {
    const lowest = Math.min(...grounds.map((ground) => contrastOf(color, ground)));
    return lowest < least ? [`${what}: ${lowest.toFixed(2)}:1`] : [];
  });
  assert.deepEqual(short, []);
}

/** All words that are drawn. */
function textsOf(root: Element, layers: readonly string[] = ['white']): Painted[] {
  return drawnIn(root).flatMap((drawn) => {
    const words = [...drawn.childNodes]
      .flatMap((node) => (node instanceof Text ? [node.data] : []))
      .join('')
      .trim();
    if (words === '' || drawn.closest('.hidden-text, style')) return [];
    return [{ what: words, color: paint(getComputedStyle(drawn).color), grounds: [groundOf(drawn, layers)] }];
  });
}

/** Focus rings, marks and borders, which stand between what is inside and what is outside. */
function edgesOf(root: Element, layers: readonly string[]): Painted[] {
  return drawnIn(root).flatMap((drawn) => {
    if (!drawn.matches('button')) return [];
    const outside = groundOf([...surroundings(drawn)][1] as Element, layers);
    const inside = groundOf(drawn, layers);
    const { borderTopColor, borderTopWidth } = getComputedStyle(drawn);
    const what = drawn.textContent.trim();
    const ring = getComputedStyle(drawn).getPropertyValue('--cloche-accent');
    const edges: Painted[] = [{ what: `focus of ${what}`, color: paint(ring), grounds: [inside, outside] }];
    if (borderTopWidth !== '0px' && !drawn.matches('.quiet, .primary'))
      edges.push({ what: `edge of ${what}`, color: paint(borderTopColor), grounds: [outside] });
    if (drawn.getAttribute('aria-selected') === 'true') {
      const { backgroundColor } = getComputedStyle(drawn, '::after');
      edges.push({ what: `mark of ${what}`, color: paint(backgroundColor), grounds: [outside] });
    }
    return edges;
  });
}

function groundOf(drawn: Element, layers: readonly string[]): Pixel {
  for (const at of surroundings(drawn)) {
    if (at.localName === 'cloche-extension') break;
    const { backgroundColor } = getComputedStyle(at);
    if (!/\/ 0\)|, 0\)|transparent/.test(backgroundColor)) return paint(backgroundColor);
  }
  assert.isNotEmpty(layers, `${drawn.localName} stands on what may be any colour`);
  return paint(...layers);
}

/** The elements with a box, through all shadow trees. */
function drawnIn(root: Element): Element[] {
  const children = [...(root.shadowRoot?.children ?? []), ...root.children];
  const inner = children.flatMap((child) => drawnIn(child));
  return root.getClientRects().length > 0 ? [root, ...inner] : inner;
}
