import { css } from 'lit';

export const styles = css`
  header,
  .head,
  .pager {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 4px 12px;
  }

  header {
    margin-bottom: 8px;
  }

  .title {
    margin-inline-end: auto;
    font-size: 15px;
    font-weight: 600;
  }

  .open .state {
    color: var(--cloche-accent);
  }

  .elsewhere .state {
    color: var(--cloche-near);
  }

  .damaged .state,
  .error {
    color: var(--cloche-killed);
  }

  cloche-limit-bar {
    margin: 8px 0 4px;
  }

  .inner {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 12px;
    margin-top: 12px;
  }

  /* Wide tables scroll in their own place. */
  .scroll {
    /* Else hidden captions would make whatever scrolls around it longer. */
    position: relative;
    overflow: auto;
    max-height: 420px;
    border: 1px solid var(--cloche-line);
    border-radius: var(--cloche-radius);
  }

  table {
    width: 100%;
    border-collapse: collapse;
    text-align: start;
  }

  caption {
    text-align: start;
  }

  th,
  td {
    padding: 4px 12px;
    border-bottom: 1px solid var(--cloche-line);
    font-weight: 400;
    text-align: start;
    vertical-align: top;
  }

  tbody tr:last-child > * {
    border-bottom: 0;
  }

  thead th {
    position: sticky;
    top: 0;
    background: var(--cloche-raised);
    color: var(--cloche-subtle);
    font-size: 12px;
    line-height: 16px;
    vertical-align: bottom;
  }

  /* Whole words, so that a narrow table scrolls rather than splits them. */
  th .theirs {
    overflow-wrap: break-word;
  }

  thead th {
    max-width: 320px;
  }

  .number {
    text-align: end;
    white-space: nowrap;
  }

  td.value {
    min-width: 64px;
    max-width: 320px;
    font-family: var(--cloche-mono);
    font-size: 12px;
  }

  .link {
    min-height: 24px;
    padding: 0;
    border: 0;
    background: none;
    color: var(--cloche-accent);
    text-align: start;
    text-decoration: underline;
    text-underline-offset: 2px;
    white-space: normal;
  }

  .link[aria-expanded='true'] {
    color: var(--cloche-text);
    font-weight: 600;
  }

  .tag {
    margin-inline-start: 6px;
    padding: 0 5px;
    border: 1px solid var(--cloche-edge);
    border-radius: 4px;
    color: var(--cloche-subtle);
    font-size: 12px;
    white-space: nowrap;
  }

  .pager .subtle {
    margin-inline-end: auto;
  }

  [aria-disabled='true'],
  [aria-disabled='true']:hover {
    border-color: var(--cloche-line);
    background: none;
    color: var(--cloche-subtle);
    cursor: default;
  }

  @media (pointer: coarse) {
    .link {
      min-height: 40px;
    }
  }
`;
