import { css } from 'lit';

export const styles = css`
  .scroll {
    max-height: var(--cloche-host-calls-height, 240px);
    overflow: auto;
    overscroll-behavior: contain;
  }

  table {
    width: 100%;
    border-collapse: collapse;
    font-size: 12px;
    line-height: 16px;
  }

  th {
    position: sticky;
    top: 0;
    background: var(--cloche-surface);
    color: var(--cloche-subtle);
    font-weight: 400;
  }

  th,
  td {
    padding: 4px 0 4px 8px;
    border-bottom: 1px solid var(--cloche-line);
    text-align: end;
    white-space: nowrap;
    vertical-align: top;
  }

  th:first-child,
  td:first-child {
    padding-inline-start: 0;
    text-align: start;
  }

  tr:last-child td {
    border-bottom: 0;
  }

  td:first-child {
    font-family: var(--cloche-mono);
    overflow-wrap: anywhere;
    white-space: normal;
  }

  .took {
    position: relative;
  }

  .bar {
    display: block;
    height: 2px;
    margin: 2px 0 0 auto;
    min-width: 2px;
    border-radius: 1px;
    background: var(--cloche-accent);
  }

  .failed td {
    color: var(--cloche-killed);
  }

  .failed .bar {
    background: var(--cloche-killed);
  }

  .code {
    display: block;
    font: 600 11px / 16px var(--cloche-mono);
  }
`;
