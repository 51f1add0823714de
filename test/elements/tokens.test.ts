import { assert } from 'chai';
import { adoptTokens } from '../../src/elements/tokens.ts';
import { contrastOf, type Pixel, paint } from '../helpers/contrast.ts';

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
  return contrastOf(pixelOf(scheme, surface), pixelOf(scheme, word));
}

function pixelOf(scheme: string, token: string): Pixel {
  const probe = document.createElement('i');
  probe.style.cssText = `color-scheme: ${scheme}; color: var(--cloche-${token})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  const pixel = paint(color);
  probe.remove();
  return pixel;
}
