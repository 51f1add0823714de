import { css } from 'lit';

export const styles = css`
  :host {
    display: contents;
  }

  dialog {
    width: min(var(--width), 100vw - 32px);
    max-height: calc(100dvh - 64px);
    padding: 16px 24px 24px;
    border: 1px solid var(--cloche-line);
    border-radius: var(--cloche-radius-panel);
    background: var(--cloche-raised);
    color: inherit;
    box-shadow: var(--cloche-shadow);
  }

  dialog[open] {
    display: flex;
    flex-direction: column;
    gap: 16px;
  }

  /* Over the whole page: no frame of a plugin can do that. */
  dialog::backdrop {
    background: oklch(0.15 0.01 220 / 0.5);
  }

  #asker {
    padding-bottom: 12px;
    border-bottom: 1px solid var(--cloche-line);
    overflow-wrap: anywhere;
  }

  h2 {
    font-size: 20px;
    font-weight: 600;
    line-height: 28px;
  }

  .body {
    min-height: 0;
    overflow: auto;
    overscroll-behavior: contain;
    font-size: 15px;
    line-height: 22px;
  }

  dl {
    display: grid;
    grid-template-columns: minmax(96px, auto) minmax(0, 1fr);
    font-size: 13px;
    line-height: 20px;
  }

  dt,
  dd {
    padding: 8px 0;
    border-top: 1px solid var(--cloche-line);
  }

  dt:first-of-type,
  dt:first-of-type + dd {
    border-top: 0;
  }

  dt {
    max-width: 240px;
    padding-inline-end: 16px;
    color: var(--cloche-subtle);
  }

  .actions {
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: 8px;
  }

  button {
    max-width: 100%;
    overflow: hidden;
  }

  button bdi {
    overflow: hidden;
    text-overflow: ellipsis;
  }

  .mute {
    margin-inline-end: auto;
    padding: 0;
  }

  [aria-disabled='true'] {
    cursor: default;
    opacity: 0.6;
  }

  @media (width < 480px) {
    dl {
      grid-template-columns: minmax(0, 1fr);
    }

    dd {
      padding-top: 0;
      border-top: 0;
    }

    dt {
      max-width: none;
      padding-bottom: 0;
    }
  }
`;
