import { css } from 'lit';

export const styles = css`
  :host {
    display: contents;
  }

  dialog {
    width: min(640px, calc(100vw - 16px));
    max-height: min(560px, calc(100dvh - 16px));
    margin: min(12dvh, 96px) auto auto;
    padding: 0;
    border: 1px solid var(--cloche-line);
    border-radius: var(--cloche-radius-panel);
    background: var(--cloche-surface);
    color: var(--cloche-text);
    box-shadow: var(--cloche-shadow);
    overflow: hidden;
  }

  dialog[open] {
    display: flex;
    flex-direction: column;
  }

  dialog::backdrop {
    background: oklch(0 0 0 / 0.35);
  }

  .search {
    flex: none;
    width: 100%;
    min-height: 48px !important;
    padding: 8px 16px !important;
    border: 0 !important;
    border-bottom: 1px solid var(--cloche-line) !important;
    border-radius: 0 !important;
    font-size: 15px;
  }

  .search:focus-visible {
    outline-offset: -2px;
  }

  .list {
    flex: 1 1 auto;
    min-height: 0;
    overflow-y: auto;
    padding: 6px;
  }

  [role='option'] {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 2px 12px;
    padding: 8px 10px;
    border-radius: var(--cloche-radius);
    cursor: pointer;
    scroll-margin: 6px;
  }

  [role='option']:hover {
    background: var(--cloche-hover);
  }

  [role='option'][aria-selected='true'] {
    background: var(--cloche-accent-wash);
    box-shadow: inset 0 0 0 1px var(--cloche-accent);
  }

  .name {
    font-family: var(--cloche-mono);
    font-size: 13px;
  }

  .signature {
    color: var(--cloche-subtle);
  }

  .description {
    grid-column: 1 / -1;
    color: var(--cloche-subtle);
    font-size: 12px;
    line-height: 16px;
  }

  kbd {
    align-self: start;
    padding: 0 6px;
    border: 1px solid var(--cloche-edge);
    border-radius: 4px;
    background: var(--cloche-raised);
    font: 11px / 18px var(--cloche-mono);
    white-space: nowrap;
  }

  .empty {
    margin: 0;
    padding: 10px 16px;
    color: var(--cloche-subtle);
  }

  form {
    display: flex;
    flex-direction: column;
    gap: 14px;
    min-height: 0;
    padding: 16px;
    overflow-y: auto;
  }

  label {
    display: block;
    margin-bottom: 4px;
    font-weight: 600;
  }

  .field input,
  .field select {
    width: 100%;
  }

  .problem {
    margin-top: 4px;
    color: var(--cloche-killed);
  }

  .actions {
    display: flex;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: 8px;
  }

  .result {
    max-height: 40dvh;
    overflow: auto;
    padding: 10px;
    border: 1px solid var(--cloche-line);
    border-radius: var(--cloche-radius);
    background: var(--cloche-sunken);
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }

  @media (forced-colors: active) {
    [role='option'][aria-selected='true'] {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }
`;
