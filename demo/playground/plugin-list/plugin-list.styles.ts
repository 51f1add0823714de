import { css } from 'lit';

export const styles = css`
  :host {
    display: grid;
    gap: 24px;
    align-content: start;
  }

  h2 {
    margin-bottom: 8px;
    padding: 0 12px;
    color: var(--cloche-subtle);
    font-size: 12px;
    line-height: 16px;
  }

  li + li {
    margin-top: 2px;
  }

  .row {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    justify-content: stretch;
    gap: 2px;
    width: 100%;
    min-height: 0;
    padding: 8px 12px;
    border: 1px solid transparent;
    background: none;
    text-align: start;
    white-space: normal;
  }

  .row[aria-current='true'] {
    border-color: var(--cloche-line);
    background: var(--cloche-raised);
    box-shadow: inset 2px 0 var(--cloche-accent);
  }

  .first {
    display: flex;
    align-items: baseline;
    gap: 8px;
    width: 100%;
  }

  .name {
    min-width: 0;
    overflow: hidden;
    font-weight: 600;
    text-overflow: ellipsis;
  }

  .first cloche-state,
  .hostile {
    margin-inline-start: auto;
  }

  .hostile {
    padding: 0 5px;
    border: 1px solid var(--cloche-edge);
    border-radius: 4px;
    color: var(--cloche-subtle);
    font-size: 12px;
    line-height: 16px;
    white-space: nowrap;
  }

  .hostile + cloche-state {
    margin-inline-start: 0;
  }

  .size {
    white-space: nowrap;
  }

  .sentence {
    color: var(--cloche-subtle);
    font-size: 12px;
    line-height: 16px;
  }

  cloche-plugins {
    margin: 0 12px;
  }

  .drop {
    display: grid;
    justify-items: start;
    gap: 8px;
    margin: 0 12px;
    padding: 16px;
    border: 1px dashed var(--cloche-edge);
    border-radius: var(--cloche-radius-panel);
  }

  .drop:has(:focus-visible) .button {
    outline: 2px solid var(--cloche-accent);
    outline-offset: 2px;
  }

  .empty,
  .reason,
  dl {
    padding: 0 12px;
  }

  dl {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 2px 12px;
    margin-bottom: 4px;
  }

  dt {
    color: var(--cloche-subtle);
  }
`;
