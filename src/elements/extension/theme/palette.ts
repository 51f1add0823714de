// Chooses the colours that are drawn with on a background: the app's own where they can be read, mended where not.

import { BLACK, contrast, cssOf, extremeOn, mix, type Rgb, TEXT_CONTRAST, WHITE } from './color.ts';

export type Scheme = 'light' | 'dark';

/** What is known of the app's look where an element stands. */
export interface AppColors {
  /** What is behind the element; undefined for an image or a gradient, which may be anything. */
  readonly behind: Rgb | undefined;
  /** The colour of text around it. */
  readonly text: Rgb;
  /** A colour that the app has named, undefined where it has not. */
  named(token: Token, scheme: Scheme): Rgb | undefined;
  /** What Cloche has in its place. */
  usual(token: Token, scheme: Scheme): Rgb;
}

export interface Palette {
  readonly scheme: Scheme;
  /** What is behind all that is drawn. */
  readonly ground: Rgb;
  /** Whether that has to be drawn first. */
  readonly drawsGround: boolean;
  readonly colors: Readonly<Record<Token, Rgb>>;
}

/** Of WCAG 2, for what shows where a control is. */
const EDGE_CONTRAST = 3;

/** Names of colours of Cloche, each a property `--cloche-<name>`, and what apps with `--ds-*` properties call the same. */
export const TOKENS = {
  surface: '--ds-surface',
  raised: '--ds-surface-raised',
  sunken: '--ds-surface-sunken',
  hover: '--ds-background-neutral-hovered',
  line: '--ds-border',
  edge: '--ds-border-bold',
  text: '--ds-text',
  subtle: '--ds-text-subtle',
  accent: '--ds-interactive',
  'on-accent': '--ds-text-inverse',
  near: '--ds-text-warning',
  killed: '--ds-text-danger',
} as const;

export type Token = keyof typeof TOKENS;

export function paletteFor(app: AppColors): Palette {
  const scheme = schemeOf(app);
  const named = (token: Token): Rgb | undefined => app.named(token, scheme);
  const ground = app.behind ?? named('surface') ?? app.usual('surface', scheme);
  const text = mend(named('text') ?? app.text, extremeOn(ground), [ground], TEXT_CONTRAST);

  // Surfaces take their turn after the text, since only so there is always one that it can be read on.
  const surface = (token: Token, derived: Rgb): Rgb =>
    [named(token), derived].find((color) => color && contrast(color, text) >= TEXT_CONTRAST) ?? ground;
  const surfaces = {
    surface: surface('surface', ground),
    raised: surface('raised', scheme === 'dark' ? mix(ground, text, 0.06) : mix(ground, WHITE, 0.6)),
    sunken: surface('sunken', mix(ground, text, 0.03)),
    hover: surface('hover', mix(ground, text, 0.08)),
  };
  const grounds = [ground, ...Object.values(surfaces)];
  const words = (token: Token, derived: Rgb): Rgb => mend(named(token) ?? derived, text, grounds, TEXT_CONTRAST);
  const accent = words('accent', app.usual('accent', scheme));
  const colors = {
    ...surfaces,
    text,
    subtle: words('subtle', mix(text, ground, 0.3)),
    line: named('line') ?? mix(ground, text, 0.16),
    edge: mend(named('edge') ?? mix(text, ground, 0.5), text, grounds, EDGE_CONTRAST),
    accent,
    'on-accent': mend(named('on-accent') ?? app.usual('on-accent', scheme), extremeOn(accent), [accent], TEXT_CONTRAST),
    near: words('near', app.usual('near', scheme)),
    killed: words('killed', app.usual('killed', scheme)),
  };
  return { scheme, ground, drawsGround: app.behind === undefined, colors };
}

/** As declarations: the properties of Cloche's tokens by name. */
export function declarations({ colors }: Palette): Record<string, string> {
  return Object.fromEntries(Object.entries(colors).map(([token, color]) => [`--cloche-${token}`, cssOf(color)]));
}

/** An app need not declare its scheme, but text that is lighter than what is behind it tells. */
function schemeOf({ behind, text }: AppColors): Scheme {
  const isLight = behind ? extremeOn(behind) === BLACK : extremeOn(text) === WHITE;
  return isLight ? 'light' : 'dark';
}

/** The colour itself where it has the contrast on all of `grounds`, or as little as possible of another that has. */
function mend(color: Rgb, toward: Rgb, grounds: readonly Rgb[], least: number): Rgb {
  for (let share = 0; share < 1; share += 0.1) {
    const mended = mix(color, toward, share);
    if (grounds.every((ground) => contrast(mended, ground) >= least)) return mended;
  }
  return toward;
}
