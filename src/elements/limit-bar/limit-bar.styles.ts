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
    height: 4px;
    margin-top: 4px;
    border-radius: 2px;
    background: var(--cloche-line);
    overflow: hidden;
  }

  .fill {
    height: 100%;
    min-width: 2px;
    border-radius: 2px;
    background: var(--cloche-accent);
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

  @media (forced-colors: active) {
    .track {
      border: 1px solid CanvasText;
    }

    .fill {
      background: Highlight;
      forced-color-adjust: none;
    }
  }
`;
