import { css } from 'lit';

export const styles = css`
  .row {
    display: flex;
    align-items: baseline;
    justify-content: space-between;
    gap: 8px;
  }

  .note {
    color: var(--cloche-subtle);
    font-size: 12px;
  }

  .value {
    margin-inline-start: auto;
    white-space: nowrap;
  }

  .track {
    margin-top: 4px;
  }

  .fill {
    min-width: 2px;
    transition: background-color var(--cloche-motion);
  }

  .fill.empty {
    min-width: 0;
  }

  .near .fill {
    background: var(--cloche-near);
  }

  .near .note {
    color: var(--cloche-near);
  }

  .killed .fill {
    background: var(--cloche-killed);
  }

  .killed .note,
  .killed .value {
    color: var(--cloche-killed);
  }

  .killed .note {
    font-weight: 600;
  }
`;
