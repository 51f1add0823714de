import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { BLACK, contrast, extremeOn, over, type Rgb, WHITE } from '../../../src/elements/extension/theme/color.ts';
import {
  type AppColors,
  type Palette,
  paletteFor,
  TOKENS,
  type Token,
} from '../../../src/elements/extension/theme/palette.ts';

const byte = fc.integer({ min: 0, max: 255 });
const color = fc.tuple(byte, byte, byte);
const names = Object.keys(TOKENS) as Token[];

const app = (given: Partial<AppColors>): AppColors => ({
  behind: WHITE,
  text: BLACK,
  named: () => undefined,
  usual: () => [128, 128, 128],
  ...given,
});

const lowest = ({ ground, colors }: Palette, token: Token): number => {
  const { surface, raised, sunken, hover } = colors;
  return Math.min(...[ground, surface, raised, sunken, hover].map((each) => contrast(each, colors[token])));
};

describe('the palette on a background', () => {
  it('has 4.5:1 for words and 3:1 for edges on each of its surfaces, whatever the app has behind and has named', () => {
    const anyApp = fc.record({
      behind: fc.option(color, { nil: undefined }),
      text: color,
      named: fc.dictionary(fc.constantFrom(...names), color),
      usual: color,
    });
    fc.assert(
      fc.property(anyApp, ({ behind, text, named, usual }) => {
        const palette = paletteFor(app({ behind, text, named: (token) => named[token], usual: () => usual }));
        for (const word of ['text', 'subtle', 'accent', 'near', 'killed'] as const)
          assert.ok(lowest(palette, word) >= 4.5, word);
        assert.ok(lowest(palette, 'edge') >= 3, 'edge');
        assert.ok(contrast(palette.colors.accent, palette.colors['on-accent']) >= 4.5, 'on-accent');
      }),
      { numRuns: 500 },
    );
  });

  it('has black or white at 4.5:1 on any colour', () => {
    fc.assert(fc.property(color, (ground) => contrast(ground, extremeOn(ground)) >= 4.5));
  });

  it('takes the text of the app, and what it has named before that', () => {
    assert.deepEqual(paletteFor(app({ behind: BLACK, text: [220, 210, 200] })).colors.text, [220, 210, 200]);
    const named = (token: Token): Rgb | undefined => (token === 'text' ? [255, 240, 200] : undefined);
    assert.deepEqual(paletteFor(app({ behind: BLACK, text: WHITE, named })).colors.text, [255, 240, 200]);
  });

  it('mends a colour no further than it has to', () => {
    const { text } = paletteFor(app({ behind: BLACK, text: [90, 0, 0] })).colors;
    assert.ok(contrast(text, BLACK) >= 4.5);
    assert.ok(contrast(text, BLACK) < 7);
    assert.ok(text[0] > text[1]);
  });

  it('draws a ground over what may be any colour: dark for light text, light for dark text', () => {
    const usual = (token: Token, scheme: string): Rgb =>
      token !== 'surface' ? [0, 128, 90] : scheme === 'dark' ? BLACK : WHITE;
    const dark = paletteFor(app({ behind: undefined, text: [240, 240, 240], usual }));
    assert.deepEqual([dark.drawsGround, dark.scheme, dark.ground], [true, 'dark', BLACK]);
    const light = paletteFor(app({ behind: undefined, text: [20, 20, 20], usual }));
    assert.deepEqual([light.drawsGround, light.scheme, light.ground], [true, 'light', WHITE]);
  });

  it('counts what shows through a colour', () => {
    assert.deepEqual(over([255, 255, 255, 0.5], BLACK), [128, 128, 128]);
  });
});
