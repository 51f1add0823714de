import { assert } from 'chai';
import { adoptTokens } from '../../src/elements/tokens.ts';

/** Text on each surface, and the lowest contrast that look.md asks of it. */
const BODY = ['text'];
const WORDS = ['subtle', 'accent', 'near', 'killed'];
const SURFACES = ['surface', 'raised', 'sunken'];

describe('tokens', () => {
  before(() => adoptTokens(document));

  for (const scheme of ['light', 'dark']) {
    it(`has 7:1 for body text in the ${scheme} scheme`, () => {
      for (const [surface, word] of pairs(SURFACES, BODY)) {
        assert.isAtLeast(contrast(scheme, surface, word), 7, `${word} on ${surface}`);
      }
    });

    it(`has 4.5:1 for coloured words in the ${scheme} scheme`, () => {
      for (const [surface, word] of [...pairs(SURFACES, WORDS), ['accent', 'on-accent'] as const]) {
        assert.isAtLeast(contrast(scheme, surface, word), 4.5, `${word} on ${surface}`);
      }
    });

    it(`has 4.5:1 on the washes and 3:1 for edges of fields in the ${scheme} scheme`, () => {
      for (const word of ['near', 'killed', 'accent']) {
        assert.isAtLeast(contrast(scheme, `${word}-wash`, word), 4.5, `${word} on its wash`);
        assert.isAtLeast(contrast(scheme, `${word}-wash`, 'text'), 7, `text on ${word}-wash`);
      }
      assert.isAtLeast(contrast(scheme, 'raised', 'edge'), 3, 'edge on raised');
    });
  }

  it('gives way to any rule of the page', () => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('html { --cloche-radius: 0px; }');
    document.adoptedStyleSheets.unshift(sheet);
    try {
      const radius = getComputedStyle(document.documentElement).getPropertyValue('--cloche-radius');
      assert.equal(radius.trim(), '0px');
    } finally {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
    }
  });

  it('is adopted once by a document', () => {
    const before = document.adoptedStyleSheets.length;
    adoptTokens(document);
    assert.equal(document.adoptedStyleSheets.length, before);
  });
});

function pairs(surfaces: string[], words: string[]): (readonly [string, string])[] {
  return surfaces.flatMap((surface) => words.map((word) => [surface, word] as const));
}

function contrast(scheme: string, surface: string, word: string): number {
  const [a, b] = [luminance(scheme, surface), luminance(scheme, word)].sort((x, y) => y - x) as [number, number];
  return (a + 0.05) / (b + 0.05);
}

/** Relative luminance of WCAG 2, of the pixel that the browser paints for a token. */
function luminance(scheme: string, token: string): number {
  const probe = document.createElement('i');
  probe.style.cssText = `color-scheme: ${scheme}; color: var(--cloche-${token})`;
  document.body.append(probe);
  const color = getComputedStyle(probe).color;
  probe.remove();
  const context = new OffscreenCanvas(1, 1).getContext('2d');
  if (!context) throw new Error('Expected a 2d canvas');
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [r = 0, g = 0, b = 0] = context.getImageData(0, 0, 1, 1).data;
  const [red, green, blue] = [r, g, b].map(linear) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function linear(byte: number): number {
  const value = byte / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}
