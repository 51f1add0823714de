import { css } from 'lit';

/** Reset, type, controls and focus, the same inside every element. */
export const base = css`
  :host {
    box-sizing: border-box;
    display: block;
    /* Else hidden text would lengthen the page around what scrolls. */
    position: relative;
    color: var(--cloche-text);
    font: 13px / 20px var(--cloche-font);
    font-variant-numeric: tabular-nums;
  }

  :host([hidden]),
  [hidden] {
    display: none !important;
  }

  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  h1,
  h2,
  h3,
  p,
  ul,
  ol,
  dl,
  dd,
  figure,
  blockquote,
  pre {
    margin: 0;
    padding: 0;
    font: inherit;
  }

  ul,
  ol {
    list-style: none;
  }

  code,
  pre,
  .mono {
    font-family: var(--cloche-mono);
    font-size: 12px;
  }

  .subtle {
    color: var(--cloche-subtle);
  }

  .small {
    font-size: 12px;
    line-height: 16px;
  }

  /* Words of a plugin: of any length, in any direction, never part of the sentence around them. */
  .theirs {
    overflow-wrap: anywhere;
    unicode-bidi: isolate;
    white-space: pre-wrap;
  }

  .hidden-text {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  :focus-visible {
    outline: 2px solid var(--cloche-accent);
    outline-offset: 2px;
  }

  svg {
    display: block;
    flex: none;
  }

  @media (forced-colors: active) {
    :focus-visible {
      outline-color: Highlight;
    }
  }
`;

/** Buttons and fields; for the elements that have any. */
export const controls = css`
  button,
  .button,
  select,
  input,
  textarea {
    font: inherit;
    color: inherit;
    letter-spacing: inherit;
  }

  button,
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-height: 32px;
    padding: 0 12px;
    border: 1px solid var(--cloche-edge);
    border-radius: var(--cloche-radius);
    background: var(--cloche-raised);
    cursor: pointer;
    white-space: nowrap;
    transition: background-color var(--cloche-motion), border-color var(--cloche-motion);
  }

  button:hover,
  .button:hover {
    background: var(--cloche-hover);
  }

  button.primary {
    border-color: transparent;
    background: var(--cloche-accent);
    color: var(--cloche-on-accent);
    font-weight: 600;
  }

  button.primary:hover {
    background: color-mix(in oklab, var(--cloche-accent), var(--cloche-text) 12%);
  }

  button.danger {
    border-color: var(--cloche-killed);
    color: var(--cloche-killed);
    font-weight: 600;
  }

  button.quiet {
    border-color: transparent;
    background: none;
    color: var(--cloche-subtle);
  }

  button.quiet:hover {
    background: var(--cloche-hover);
    color: var(--cloche-text);
  }

  /* After the kinds of button, so that each of them looks switched off. */
  button:disabled,
  button:disabled:hover {
    border-color: var(--cloche-line);
    background: none;
    color: var(--cloche-subtle);
    cursor: default;
  }

  select,
  input:not([type='file']),
  textarea {
    min-height: 32px;
    padding: 5px 8px;
    border: 1px solid var(--cloche-edge);
    border-radius: var(--cloche-radius);
    background: var(--cloche-raised);
  }

  [aria-invalid='true'] {
    border-color: var(--cloche-killed) !important;
  }

  ::placeholder {
    color: var(--cloche-subtle);
    opacity: 1;
  }

  @media (pointer: coarse) {
    button,
    .button,
    select,
    input:not([type='file']) {
      min-height: 40px;
    }

    /* Below 16 px Safari zooms the page when a field gets the focus. */
    select,
    input,
    textarea {
      font-size: 16px !important;
    }
  }
`;
