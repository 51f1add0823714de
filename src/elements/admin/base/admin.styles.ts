import { css } from 'lit';

/** What the admin elements share beside the reset and the controls of all elements. */
export const styles = css`
  :host {
    overflow-wrap: break-word;
  }

  h2 {
    font-size: 20px;
    font-weight: 600;
    line-height: 28px;
  }

  h3 {
    font-size: 15px;
    font-weight: 600;
    line-height: 20px;
  }

  h4 {
    margin: 0;
    font: inherit;
    font-weight: 600;
  }

  a {
    color: var(--cloche-accent);
  }

  /* A button that waits keeps the focus, so it is not disabled and only looks so. */
  button[aria-disabled='true'],
  button[aria-disabled='true']:hover {
    border-color: var(--cloche-line);
    background: none;
    color: var(--cloche-subtle);
    cursor: default;
  }

  strong {
    font-weight: 600;
  }

  .stack {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 16px;
  }

  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
  }

  .prose {
    max-width: 68ch;
    font-size: 15px;
    line-height: 22px;
  }

  /* Letters that pile up their marks stay within their line. Where it is a box, it stands where the text around it begins. */
  .theirs {
    /* Chromium knows only this one, and others only the next. */
    text-align: -webkit-match-parent;
    text-align: match-parent;
    overflow: clip;
    overflow-clip-margin: 4px;
  }

  /* Each line as it is written: code from the left, Arabic from the right. */
  .lines {
    text-align: start;
    white-space: pre-wrap;
  }

  q.theirs {
    quotes: '“' '”';
  }

  .failure,
  .notice {
    display: grid;
    gap: 4px;
    padding: 8px 12px;
    border-inline-start: 3px solid var(--cloche-killed);
    background: var(--cloche-killed-wash);
  }

  .notice {
    border-color: var(--cloche-near);
    background: var(--cloche-near-wash);
  }

  .notice.calm {
    border-color: var(--cloche-accent);
    background: var(--cloche-accent-wash);
  }

  .empty {
    padding: 24px;
    border: 1px dashed var(--cloche-edge);
    border-radius: var(--cloche-radius-panel);
    color: var(--cloche-subtle);
    text-align: center;
  }

  ::file-selector-button {
    margin-inline-end: 8px;
    padding: 5px 12px;
    border: 1px solid var(--cloche-edge);
    border-radius: var(--cloche-radius);
    background: var(--cloche-raised);
    color: inherit;
    font: inherit;
    cursor: pointer;
  }

  ::file-selector-button:hover {
    background: var(--cloche-hover);
  }

  summary {
    width: fit-content;
    cursor: pointer;
  }

  /* Names beside values, below each other where there is no room. */
  .facts {
    display: grid;
    grid-template-columns: minmax(112px, max-content) minmax(0, 1fr);
    gap: 4px 16px;
  }

  .facts dt {
    color: var(--cloche-subtle);
  }

  dialog {
    width: min(560px, calc(100vw - 32px));
    max-height: calc(100dvh - 32px);
    padding: 24px;
    border: 1px solid var(--cloche-line);
    border-radius: var(--cloche-radius-panel);
    background: var(--cloche-raised);
    color: var(--cloche-text);
    box-shadow: var(--cloche-shadow);
    overflow: auto;
  }

  dialog::backdrop {
    background: oklch(0 0 0 / 0.4);
  }

  dialog .actions {
    display: flex;
    flex-wrap: wrap;
    justify-content: end;
    gap: 8px;
    margin-block-start: 24px;
  }

  @media (max-width: 480px) {
    .facts {
      grid-template-columns: minmax(0, 1fr);
      gap: 0;
    }

    .facts dd {
      margin-block-end: 8px;
    }

    dialog {
      padding: 16px;
    }
  }

  @media (forced-colors: active) {
    .failure,
    .notice,
    dialog {
      border: 1px solid CanvasText;
    }
  }
`;
