import { css } from 'lit';

/** A dialog over the page. `--dialog-width` is the most that it takes. */
export const dialog = css`
  dialog {
    width: min(var(--dialog-width), calc(100vw - 32px));
    padding: 24px;
    border: 1px solid var(--cloche-line);
    border-radius: var(--cloche-radius-panel);
    background: var(--cloche-raised);
    box-shadow: var(--cloche-shadow);
    color: inherit;
  }

  dialog::backdrop {
    background: oklch(0 0 0 / 0.35);
  }
`;
