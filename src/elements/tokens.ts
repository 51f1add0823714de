// The look of every Cloche element as custom properties. Nothing but values: no selectors of elements.

import { css } from 'lit';

/**
 * `:where()` weighs nothing, so any rule of the embedding app wins, and a property set on one container
 * themes the elements inside it. `light-dark()` follows the `color-scheme` of the element that uses it.
 * Text has 7:1 and the coloured words 4.5:1 on both surfaces; test/elements/tokens.test.ts measures it.
 */
export const tokens = css`
  :where(:root) {
    --cloche-surface: light-dark(oklch(0.975 0.004 220), oklch(0.185 0.009 220));
    --cloche-raised: light-dark(oklch(1 0 0), oklch(0.225 0.01 220));
    --cloche-sunken: light-dark(oklch(0.955 0.005 220), oklch(0.16 0.008 220));
    --cloche-hover: light-dark(oklch(0.94 0.007 220), oklch(0.27 0.012 220));
    --cloche-line: light-dark(oklch(0.885 0.008 220), oklch(0.33 0.012 220));
    --cloche-edge: light-dark(oklch(0.6 0.012 220), oklch(0.56 0.014 220));
    --cloche-text: light-dark(oklch(0.25 0.015 220), oklch(0.94 0.005 220));
    --cloche-subtle: light-dark(oklch(0.45 0.015 220), oklch(0.74 0.012 220));
    --cloche-accent: light-dark(oklch(0.52 0.11 165), oklch(0.75 0.12 165));
    --cloche-accent-wash: light-dark(oklch(0.955 0.025 165), oklch(0.27 0.035 165));
    --cloche-on-accent: light-dark(oklch(1 0 0), oklch(0.2 0.03 165));
    --cloche-near: light-dark(oklch(0.53 0.115 65), oklch(0.8 0.13 80));
    --cloche-near-wash: light-dark(oklch(0.965 0.03 80), oklch(0.28 0.04 75));
    --cloche-killed: light-dark(oklch(0.52 0.19 27), oklch(0.74 0.15 25));
    --cloche-killed-wash: light-dark(oklch(0.965 0.018 25), oklch(0.265 0.05 25));
    --cloche-shadow: 0 8px 32px light-dark(oklch(0.25 0.02 220 / 0.18), oklch(0 0 0 / 0.5));

    --cloche-font: system-ui, -apple-system, 'Segoe UI', sans-serif;
    --cloche-mono: ui-monospace, 'SF Mono', 'Cascadia Mono', 'DejaVu Sans Mono', Menlo, monospace;
    --cloche-radius: 6px;
    --cloche-radius-panel: 10px;
    --cloche-motion: 120ms ease-out;
  }

  @media (prefers-reduced-motion: reduce) {
    :where(:root) {
      --cloche-motion: 0s;
    }
  }
`;

const adopted = new WeakSet<Document>();

/** Gives a document the tokens, once. Elements do this by themselves when they are connected. */
export function adoptTokens(document: Document): void {
  const sheet = tokens.styleSheet;
  if (adopted.has(document) || !sheet) return;
  adopted.add(document);
  document.adoptedStyleSheets.push(sheet);
}
