import { css } from 'lit';

// Said here, since what stands within is shipped.
// `.of-one .row`: A plugin named above is not named in each row.
// `.what > .theirs:only-child`: A line of a log is cut at its own end, whichever way it is written.
export const styles = css`
  :host {
    /* Its own width counts, and not the page's: it may stand in a narrow column. */
    container-type: inline-size;
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 8px;
  }

  .filters {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 16px;
    align-items: end;
  }

  .filters label {
    display: grid;
    gap: 4px;
    min-width: 0;
    color: var(--cloche-subtle);
    font-size: 12px;
    line-height: 16px;
  }

  .filters select,
  .filters input {
    min-width: 0;
    max-width: 100%;
    color: var(--cloche-text);
    font-size: 13px;
  }

  .filters .text {
    flex: 1 1 160px;
  }

  .list {
    height: var(--cloche-audit-height, 480px);
    border: 1px solid var(--cloche-line);
    border-radius: var(--cloche-radius);
    background: var(--cloche-raised);
    overflow: auto;
    overflow-anchor: none;
    overscroll-behavior: contain;
  }

  .room {
    display: block;
  }

  li {
    border-bottom: 1px solid var(--cloche-line);
  }

  .row {
    display: grid;
    grid-template-columns: 104px 88px minmax(64px, 160px) minmax(0, 1fr);
    gap: 0 8px;
    align-items: baseline;
    justify-content: start;
    width: 100%;
    min-height: 32px;
    padding: 5px 8px;
    border: 0;
    border-radius: 0;
    background: none;
    text-align: start;
    white-space: nowrap;
  }

  .of-one .row {
    grid-template-columns: 104px 88px minmax(0, 1fr);
  }

  .row:focus-visible {
    outline-offset: -2px;
  }

  .row[aria-expanded='true'] {
    background: var(--cloche-hover);
  }

  .row > * {
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
  }

  .row .theirs {
    white-space: nowrap;
  }

  .what > .theirs:only-child {
    display: block;
    overflow: hidden;
    text-overflow: ellipsis;
  }

  .clock,
  .what {
    font-family: var(--cloche-mono);
    font-size: 12px;
  }

  .clock {
    color: var(--cloche-subtle);
  }

  .level {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    color: var(--cloche-subtle);
    font-size: 12px;
  }

  .level::before {
    flex: none;
    width: 6px;
    height: 6px;
    border: 1.5px solid currentColor;
    border-radius: 50%;
    content: '';
  }

  .level.warn {
    color: var(--cloche-near);
  }

  .level.warn::before {
    border-radius: 0;
    transform: rotate(45deg);
  }

  .level.error {
    color: var(--cloche-killed);
  }

  .level.error::before {
    border-radius: 0;
    background: currentColor;
  }

  .detail {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 12px;
    padding: 8px 16px 16px;
    background: var(--cloche-sunken);
  }

  .detail li {
    border: 0;
  }

  .detail .stack {
    gap: 4px;
  }

  .detail .allow {
    margin-block-start: 8px;
  }

  .carried {
    max-height: 240px;
    padding: 8px;
    border: 1px solid var(--cloche-line);
    border-radius: var(--cloche-radius);
    background: var(--cloche-raised);
    font: 12px / 18px var(--cloche-mono);
    overflow: auto;
    overflow-wrap: anywhere;
  }

  .foot {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 16px;
    align-items: center;
  }

  .foot .end {
    margin-inline-start: auto;
  }

  @container (max-width: 600px) {
    .row,
    .of-one .row {
      grid-template-columns: minmax(0, max-content) minmax(0, max-content) minmax(0, 1fr);
      gap: 2px 8px;
    }

    .row .what {
      grid-column: 1 / -1;
    }

    .filters label {
      flex: 1 1 40%;
    }

    .filters .text {
      flex-basis: 100%;
    }
  }
`;
